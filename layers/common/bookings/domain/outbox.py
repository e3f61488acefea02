"""Mail to be sent, and how far it has come. At-least-once delivery must end in no duplicate and no silent loss.

    pending ──claim──> sending ──SES took it──────> sent
       │  ▲               ├───── SES refused it ──> failed
       │  └── transient ──┤
       │                  └── lease ran out ──────> unknown ── SES event ──> sent | failed
       └── a newer decision stands ───────────────> superseded

A row in `sending` whose lease ran out was perhaps sent. It is never sent again blindly: the SES event that carries
the outbox id as a tag settles it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from bookings.domain.entity import Entity
from bookings.domain.request import Request

LEASE = timedelta(minutes=2)
"""Longer than `send_email` may run, so that a lease runs out only under a dead sender."""

PATIENCE = timedelta(minutes=5)
"""How long the stream has before the sweep takes a row in hand."""

MAX_ATTEMPTS = 8


class LetterKind(StrEnum):
    """What the patient is told."""

    CONFIRMATION = "confirmation"
    REJECTION = "rejection"
    CANCELLATION = "cancellation"


class LetterStatus(StrEnum):
    """How far a letter has come."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Letter(Entity):
    """One row of the outbox. It holds ids only: address and words are read when it is sent."""

    outbox_id: str
    practice_id: str
    request_id: str
    revision: int
    kind: LetterKind
    cancels: str | None = None
    correlation_id: str
    status: LetterStatus = LetterStatus.PENDING
    attempt_id: str | None = None
    attempts: int = 0
    due_at: datetime
    message_id: str | None = None
    failure: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do for anybody."""
        return self.status in (LetterStatus.SENT, LetterStatus.SUPERSEDED, LetterStatus.FAILED)


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
    return letter.model_copy(update={"status": status, "message_id": message_id, "failure": failure})


def postpone(letter: Letter, failure: str, now: datetime) -> Letter:
    """The letter back in the queue after a transient failure, later each time; failed for good after MAX_ATTEMPTS."""
    if letter.attempts >= MAX_ATTEMPTS:
        return settle(letter, LetterStatus.FAILED, failure=failure)
    wait = timedelta(minutes=2**letter.attempts)
    return letter.model_copy(update={"status": LetterStatus.PENDING, "due_at": now + wait, "failure": failure})


def is_superseded(letter: Letter, request: Request) -> bool:
    """Whether the request has moved on since the letter was put into the outbox."""
    return request.outbox_id != letter.outbox_id
