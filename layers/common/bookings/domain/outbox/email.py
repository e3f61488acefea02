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
from bookings.domain.reporting.scheduled_report import ScheduledReport
from bookings.domain.requests.request import MailStatus, Request
from bookings.domain.scheduling.slot import Slot

EMAIL_LEASE = timedelta(minutes=3)
"""Longer than `send_email` and `sweep_outbox` may run, so that a lease runs out only under a dead sender."""

EMAIL_SWEEP_DELAY = timedelta(minutes=5)
"""How long the stream has before the sweep takes a row in hand, and how long a parked row rests."""

DELIVERY_EVENT_TIMEOUT = timedelta(hours=1)
"""How long a letter may be `unknown`: SES reports within minutes, if it reports at all."""

MAX_SEND_ATTEMPTS = 8


class EmailKind(StrEnum):
    """What the patient is told, or (`overdue`, `report`) the practice itself."""

    CONFIRMATION = "confirmation"
    REJECTION = "rejection"
    CANCELLATION = "cancellation"
    OVERDUE = "overdue"
    REPORT = "report"


class EmailStatus(StrEnum):
    """How far a letter has come."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class OverdueRequests(Entity):
    """What the front desk is told of requests that have waited longer than the practice wants."""

    target_minutes: int
    waiting: tuple[tuple[Zoned, datetime], ...] = Field(description="requested start and receipt of each")


class Email(Entity):
    """One row of the outbox. It names no person: address and words are read when it is sent.

    One to the practice's own people is about no single request, and holds all that it says.

    A cancellation says which letter it `cancels`, and which appointment is `taken_back`: the request has forgotten it.
    """

    outbox_id: str
    practice_id: str
    request_id: str | None = None
    revision: int = 0
    kind: EmailKind
    overdue: OverdueRequests | None = None
    report: ScheduledReport | None = None
    cancels: str | None = None
    taken_back: Slot | None = None
    correlation_id: str
    status: EmailStatus = EmailStatus.PENDING
    attempt_id: str | None = None
    attempts: int = 0
    due_at: datetime
    message_id: str | None = None
    failure: str | None = None
    unheard: bool = Field(default=False, description="people were told that nothing is heard of it")

    @property
    def was_sent(self) -> bool:
        """Whether it is on its way to the patient or there, as far as is known."""
        return self.status in (EmailStatus.SENT, EmailStatus.DELIVERED)

    @property
    def may_have_arrived(self) -> bool:
        """Whether the patient may have it: a message that SES took can have arrived, even if it bounced later on."""
        return self.was_sent or self.status is EmailStatus.UNKNOWN or self.message_id is not None

    @property
    def is_in_progress(self) -> bool:
        """Whether it may still go out."""
        return self.status in (EmailStatus.PENDING, EmailStatus.SENDING)

    @property
    def needs_sweep(self) -> bool:
        """Whether a sweep may still have something to do for it."""
        return self.is_in_progress or (self.status is EmailStatus.UNKNOWN and not self.unheard)

    @property
    def mail_status(self) -> MailStatus | None:
        """What the front desk is shown on the request once the letter has come this far; None while that is no news."""
        return _REQUEST_MAIL_STATUS.get(self.status)

    def is_ready_to_send(self, now: datetime) -> bool:
        """Whether it is anybody's to send: a new one at once, one that was put back when it is due again."""
        return self.status is EmailStatus.PENDING and (self.attempt_id is None or self.due_at <= now)

    def is_abandoned(self, now: datetime) -> bool:
        """Whether its sender must have died."""
        return self.status is EmailStatus.SENDING and self.due_at <= now

    def is_unreported(self, now: datetime) -> bool:
        """Whether people should hear that nothing is heard of it."""
        return self.status is EmailStatus.UNKNOWN and not self.unheard and self.due_at <= now


_REQUEST_MAIL_STATUS: dict[EmailStatus, MailStatus] = {
    EmailStatus.SENT: "sent",
    EmailStatus.DELIVERED: "sent",
    EmailStatus.FAILED: "failed",
    EmailStatus.UNKNOWN: "unknown",
}


def new_email(request: Request, revision: int, kind: EmailKind, correlation_id: str, now: datetime) -> Email:
    """A letter about the request as it is at that revision."""
    return Email(
        outbox_id=new_id("mail", now),
        practice_id=request.practice_id,
        request_id=request.id,
        revision=revision,
        kind=kind,
        correlation_id=correlation_id,
        due_at=now + EMAIL_SWEEP_DELAY,
    )


def claim_email(email: Email, attempt_id: str, now: datetime) -> Email:
    """The letter in this attempt's hands; write it only if it still is as it was read."""
    return email.model_copy(
        update={
            "status": EmailStatus.SENDING,
            "attempt_id": attempt_id,
            "attempts": email.attempts + 1,
            "due_at": now + EMAIL_LEASE,
        }
    )


def finish_email(
    email: Email, status: EmailStatus, *, message_id: str | None = None, failure: str | None = None
) -> Email:
    """The letter at its end, or `unknown`; `failure` is a code, never SES's words, which may quote the address."""
    return email.model_copy(update={"status": status, "message_id": message_id or email.message_id, "failure": failure})


def mark_unknown(email: Email, failure: str, now: datetime) -> Email:
    """The letter as perhaps sent; what SES reports of it should come before it is due."""
    return finish_email(email, EmailStatus.UNKNOWN, failure=failure).model_copy(
        update={"due_at": now + DELIVERY_EVENT_TIMEOUT}
    )


def postpone_email(email: Email, failure: str, now: datetime) -> Email:
    """The letter back in the queue after a transient failure, later each time; failed for good after MAX_ATTEMPTS."""
    if email.attempts >= MAX_SEND_ATTEMPTS:
        return finish_email(email, EmailStatus.FAILED, failure=failure)
    wait = timedelta(minutes=2**email.attempts)
    return email.model_copy(update={"status": EmailStatus.PENDING, "due_at": now + wait, "failure": failure})


def park_email(email: Email, failure: str, now: datetime) -> Email:
    """The letter back in the queue for a reason that is not its own: the attempt does not count, however often."""
    return email.model_copy(
        update={
            "status": EmailStatus.PENDING,
            "attempts": email.attempts - 1,
            "due_at": now + EMAIL_SWEEP_DELAY,
            "failure": failure,
        }
    )


def is_superseded(email: Email, request: Request) -> bool:
    """Whether the request has moved on since the letter was put into the outbox."""
    return request.outbox_id != email.outbox_id


class EmailStep(StrEnum):
    """What was done about a letter."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNREPORTED = "unheard"
    """It is unknown still, and SES should have spoken."""
    SUPERSEDED = "superseded"
    POSTPONED = "postponed"
    PARKED = "parked"
    """Nothing is wrong with the letter: we cannot send, and neither could we send another one."""
    LEFT = "left"
    """Nothing: it is settled, not due, or in somebody else's hands."""
    CRASHED = "crashed"


@dataclass(frozen=True)
class EmailOutcome:
    """What was done about which letter, and why; ids and codes only."""

    outbox_id: str
    step: EmailStep
    code: str | None = None
    correlation_id: str | None = None
