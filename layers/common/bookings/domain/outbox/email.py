"""E-mails in the outbox and their status. Nothing is sent twice, and no loss goes unreported.

    pending ──claim──> sending ──SES accepted───> sent ── delivered
       │  ▲               │                        └───────┴── bounced ──> failed
       │  │               ├───── SES refused ───> failed
       │  ├── transient ──┤
       │  └── parked or throttled
       │                  └── lease expired ────> unknown ── SES event ──> sent | delivered | failed
       └── a newer decision exists ─────────────> superseded

The stream and the sweep may both try to send an e-mail, and each more than once. Only the attempt whose conditional
write of `claim_email` succeeds sends it.

An e-mail in `sending` whose lease has expired may have been sent. It is never sent again. The SES event with its
outbox id as a tag decides its status (docs/adr/0013). If none arrives within an hour, the sweep reports it once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.wall_time import ZonedDateTime
from bookings.domain.reporting.scheduled_report import ScheduledReport
from bookings.domain.requests.last_notification import LastNotification
from bookings.domain.requests.request import MailStatus, Request
from bookings.domain.scheduling.slot import Slot

EMAIL_SWEEP_DELAY = timedelta(minutes=5)
"""How long the sweep leaves a new e-mail to the stream, and how long a parked e-mail waits."""


@dataclass(frozen=True)
class EmailPreview:
    """Subject and plain text of an e-mail as it would be sent."""

    subject: str
    text: str


class EmailKind(StrEnum):
    """The kinds of e-mail. `overdue` and `report` go to the practice's staff, the others to the patient.

    `wrong_appointment` takes back the confirmation of a linked appointment, which itself may stand. `reopened` takes
    back a rejection.
    """

    CONFIRMATION = "confirmation"
    REJECTION = "rejection"
    CANCELLATION = "cancellation"
    WRONG_APPOINTMENT = "wrong_appointment"
    REOPENED = "reopened"
    OVERDUE = "overdue"
    REPORT = "report"


class EmailStatus(StrEnum):
    """The status of an e-mail; the module's docstring has the transitions."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class OverdueRequests(Entity):
    """The content of an overdue e-mail: the requests that are past the practice's target time."""

    target_minutes: int
    waiting: tuple[tuple[ZonedDateTime, datetime], ...] = Field(
        description="requested start and time of receipt of each request"
    )


class Email(Entity):
    """One e-mail in the outbox. It has no personal data: address and text are read when it is sent.

    - An e-mail to staff has no request; its content is in `overdue` or `report`.
    - An e-mail that takes back another one has its outbox id (`cancels`), and the slot that this confirmed, if any
      (`taken_back`), because the request may have another one by now, or none.
    - `replaced_notification` is the request's last notification before this e-mail was claimed. It is restored if SES
      does not accept the e-mail.
    - `due_at` depends on the status: when the sweep may send it (`pending`), when the lease expires (`sending`), or
      when a missing SES event is reported (`unknown`).
    - `held_until` is the end of the undo window. Until then it is not sent (docs/adr/0034).
    - `failure` is a code, such as `bounced`. It is never SES's text, which may contain the address.
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
    replaced_notification: LastNotification | None = None
    correlation_id: str
    status: EmailStatus = EmailStatus.PENDING
    attempt_id: str | None = None
    attempts: int = 0
    due_at: datetime
    held_until: datetime | None = None
    message_id: str | None = None
    failure: str | None = None
    unheard: bool = Field(default=False, description="it was reported that no SES event has arrived")

    @property
    def is_to_staff(self) -> bool:
        """Whether it goes to the practice's staff, and not to a patient."""
        return self.request_id is None

    @property
    def was_sent(self) -> bool:
        """Whether SES has accepted or delivered it, and reported no failure since."""
        return self.status in (EmailStatus.SENT, EmailStatus.DELIVERED)

    @property
    def may_have_arrived(self) -> bool:
        """Whether the recipient may have it. A message that SES accepted can arrive even if it bounces later."""
        return self.was_sent or self.status is EmailStatus.UNKNOWN or self.message_id is not None

    @property
    def is_in_progress(self) -> bool:
        """Whether it may still be sent."""
        return self.status in (EmailStatus.PENDING, EmailStatus.SENDING)

    @property
    def needs_sweep(self) -> bool:
        """Whether the sweep may still have to send or to report it."""
        return self.is_in_progress or (self.status is EmailStatus.UNKNOWN and not self.unheard)

    @property
    def mail_status(self) -> MailStatus | None:
        """The status to show on the request (`Request.mail`); None if this status changes nothing there."""
        return _REQUEST_MAIL_STATUS.get(self.status)

    def is_held(self, now: datetime) -> bool:
        """Whether it waits for the end of the undo window."""
        return self.status is EmailStatus.PENDING and self.held_until is not None and now < self.held_until

    def is_ready_to_send(self, now: datetime) -> bool:
        """Whether it can be claimed: a new e-mail unless it is held, a postponed or parked one when it is due."""
        is_due = self.attempt_id is None or self.due_at <= now
        return self.status is EmailStatus.PENDING and is_due and not self.is_held(now)

    def is_abandoned(self, now: datetime) -> bool:
        """Whether its lease has expired, so that its sender must have died."""
        return self.status is EmailStatus.SENDING and self.due_at <= now

    def is_unreported(self, now: datetime) -> bool:
        """Whether it is time to report that no SES event has arrived for it."""
        return self.status is EmailStatus.UNKNOWN and not self.unheard and self.due_at <= now


_REQUEST_MAIL_STATUS: dict[EmailStatus, MailStatus] = {
    EmailStatus.SENT: "sent",
    EmailStatus.DELIVERED: "sent",
    EmailStatus.FAILED: "failed",
    EmailStatus.UNKNOWN: "unknown",
}


def new_email(request: Request, revision: int, kind: EmailKind, correlation_id: str, now: datetime) -> Email:
    """A pending e-mail about the request at this revision."""
    return Email(
        outbox_id=new_id("mail", now),
        practice_id=request.practice_id,
        request_id=request.id,
        revision=revision,
        kind=kind,
        correlation_id=correlation_id,
        due_at=now + EMAIL_SWEEP_DELAY,
    )


def hold_email(email: Email, until: datetime) -> Email:
    """The e-mail, held until then. The sweep leaves it to the queue for as long after that as a new one."""
    return email.model_copy(update={"held_until": until, "due_at": until + EMAIL_SWEEP_DELAY})


def is_superseded(email: Email, request: Request) -> bool:
    """Whether the request no longer refers to this e-mail, because a newer decision replaced it."""
    return request.outbox_id != email.outbox_id


class EmailStep(StrEnum):
    """What one run did about an e-mail."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNREPORTED = "unheard"
    """It is still `unknown`, and no SES event has arrived in time."""
    SUPERSEDED = "superseded"
    HELD = "held"
    """It waits for the end of the undo window."""
    POSTPONED = "postponed"
    PARKED = "parked"
    """Put back, because at the moment no e-mail at all can be sent."""
    THROTTLED = "throttled"
    """Put back, because SES takes only so many in a second."""
    SKIPPED = "left"
    """Nothing: it is finished, not due, or claimed by another sender."""
    CRASHED = "crashed"


@dataclass(frozen=True)
class EmailOutcome:
    """What one run did about which e-mail, and why. It is logged, so it has ids and codes only."""

    outbox_id: str
    step: EmailStep
    code: str | None = None
    correlation_id: str | None = None
    held_until: datetime | None = None
