"""Mail to be sent, and how far it has come. At-least-once delivery must end in no duplicate and no silent loss.

    pending ──claim──> sending ──SES took it──────> sent ── delivered
       │  ▲               │                          └───────┴── bounced ──> failed
       │  │               ├───── SES refused it ──> failed
       │  ├── transient ──┤
       │  └── parked ─────┤
       │                  └── lease ran out ──────> unknown ── SES event ──> sent | delivered | failed
       └── a newer decision stands ───────────────> superseded

A row in `sending` whose lease ran out was perhaps sent. It is never sent again blindly: the SES event that carries
the outbox id as a tag settles it. If none has come for an hour, the sweep tells people, once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.wall_time import Zoned
from bookings.domain.reporting.scheduled_report import GeneratedReport
from bookings.domain.requests.request import MailStatus, Request
from bookings.domain.scheduling.slot import Slot

LEASE = timedelta(minutes=3)
"""Longer than `send_email` and `sweep_outbox` may run, so that a lease runs out only under a dead sender."""

PATIENCE = timedelta(minutes=5)
"""How long the stream has before the sweep takes a row in hand, and how long a parked row rests."""

HEARING_TAKES = timedelta(hours=1)
"""How long a letter may be `unknown`: SES reports within minutes, if it reports at all."""

MAX_ATTEMPTS = 8


class LetterKind(StrEnum):
    """What the patient is told, or (`overdue`, `report`) the practice itself."""

    CONFIRMATION = "confirmation"
    REJECTION = "rejection"
    CANCELLATION = "cancellation"
    OVERDUE = "overdue"
    REPORT = "report"


class LetterStatus(StrEnum):
    """How far a letter has come."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Overdue(Entity):
    """What the front desk is told of requests that have waited longer than the practice wants."""

    target_minutes: int
    waiting: tuple[tuple[Zoned, datetime], ...] = Field(description="requested start and receipt of each")


class Letter(Entity):
    """One row of the outbox. It names no person: address and words are read when it is sent.

    One to the practice's own people is about no single request, and holds all that it says.

    A cancellation says which letter it `cancels`, and which appointment is `taken_back`: the request has forgotten it.
    """

    outbox_id: str
    practice_id: str
    request_id: str | None = None
    revision: int = 0
    kind: LetterKind
    overdue: Overdue | None = None
    report: GeneratedReport | None = None
    cancels: str | None = None
    taken_back: Slot | None = None
    correlation_id: str
    status: LetterStatus = LetterStatus.PENDING
    attempt_id: str | None = None
    attempts: int = 0
    due_at: datetime
    message_id: str | None = None
    failure: str | None = None
    unheard: bool = Field(default=False, description="people were told that nothing is heard of it")

    @property
    def went_out(self) -> bool:
        """Whether it is on its way to the patient or there, as far as is known."""
        return self.status in (LetterStatus.SENT, LetterStatus.DELIVERED)

    @property
    def may_be_there(self) -> bool:
        """Whether the patient may have it: a message that SES took can have arrived, even if it bounced later on."""
        return self.went_out or self.status is LetterStatus.UNKNOWN or self.message_id is not None

    @property
    def is_under_way(self) -> bool:
        """Whether it may still go out."""
        return self.status in (LetterStatus.PENDING, LetterStatus.SENDING)

    @property
    def is_open(self) -> bool:
        """Whether a sweep may still have something to do for it."""
        return self.is_under_way or (self.status is LetterStatus.UNKNOWN and not self.unheard)

    @property
    def mail_status(self) -> MailStatus | None:
        """What the front desk is shown on the request once the letter has come this far; None while that is no news."""
        return _SHOWN.get(self.status)

    def may_be_sent(self, now: datetime) -> bool:
        """Whether it is anybody's to send: a new one at once, one that was put back when it is due again."""
        return self.status is LetterStatus.PENDING and (self.attempt_id is None or self.due_at <= now)

    def is_abandoned(self, now: datetime) -> bool:
        """Whether its sender must have died."""
        return self.status is LetterStatus.SENDING and self.due_at <= now

    def is_unheard(self, now: datetime) -> bool:
        """Whether people should hear that nothing is heard of it."""
        return self.status is LetterStatus.UNKNOWN and not self.unheard and self.due_at <= now


_SHOWN: dict[LetterStatus, MailStatus] = {
    LetterStatus.SENT: "sent",
    LetterStatus.DELIVERED: "sent",
    LetterStatus.FAILED: "failed",
    LetterStatus.UNKNOWN: "unknown",
}


def new_letter(request: Request, revision: int, kind: LetterKind, correlation_id: str, now: datetime) -> Letter:
    """A letter about the request as it is at that revision."""
    return Letter(
        outbox_id=new_id("mail", now),
        practice_id=request.practice_id,
        request_id=request.id,
        revision=revision,
        kind=kind,
        correlation_id=correlation_id,
        due_at=now + PATIENCE,
    )


def claim(letter: Letter, attempt_id: str, now: datetime) -> Letter:
    """The letter in this attempt's hands; write it only if it still is as it was read."""
    return letter.model_copy(
        update={
            "status": LetterStatus.SENDING,
            "attempt_id": attempt_id,
            "attempts": letter.attempts + 1,
            "due_at": now + LEASE,
        }
    )


def settle(
    letter: Letter, status: LetterStatus, *, message_id: str | None = None, failure: str | None = None
) -> Letter:
    """The letter at its end, or `unknown`; `failure` is a code, never SES's words, which may quote the address."""
    return letter.model_copy(
        update={"status": status, "message_id": message_id or letter.message_id, "failure": failure}
    )


def lose(letter: Letter, failure: str, now: datetime) -> Letter:
    """The letter as perhaps sent; what SES reports of it should come before it is due."""
    return settle(letter, LetterStatus.UNKNOWN, failure=failure).model_copy(update={"due_at": now + HEARING_TAKES})


def postpone(letter: Letter, failure: str, now: datetime) -> Letter:
    """The letter back in the queue after a transient failure, later each time; failed for good after MAX_ATTEMPTS."""
    if letter.attempts >= MAX_ATTEMPTS:
        return settle(letter, LetterStatus.FAILED, failure=failure)
    wait = timedelta(minutes=2**letter.attempts)
    return letter.model_copy(update={"status": LetterStatus.PENDING, "due_at": now + wait, "failure": failure})


def park(letter: Letter, failure: str, now: datetime) -> Letter:
    """The letter back in the queue for a reason that is not its own: the attempt does not count, however often."""
    return letter.model_copy(
        update={
            "status": LetterStatus.PENDING,
            "attempts": letter.attempts - 1,
            "due_at": now + PATIENCE,
            "failure": failure,
        }
    )


def is_superseded(letter: Letter, request: Request) -> bool:
    """Whether the request has moved on since the letter was put into the outbox."""
    return request.outbox_id != letter.outbox_id


class Step(StrEnum):
    """What was done about a letter."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNHEARD = "unheard"
    """It is unknown still, and SES should have spoken."""
    SUPERSEDED = "superseded"
    POSTPONED = "postponed"
    PARKED = "parked"
    """Nothing is wrong with the letter: we cannot send, and neither could we send another one."""
    LEFT = "left"
    """Nothing: it is settled, not due, or in somebody else's hands."""
    CRASHED = "crashed"


@dataclass(frozen=True)
class Outcome:
    """What was done about which letter, and why; ids and codes only."""

    outbox_id: str
    step: Step
    code: str | None = None
    correlation_id: str | None = None
