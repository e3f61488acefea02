"""The message for SES, SES's answer, its delivery events, and how both change an e-mail.

Events: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bookings.domain.outbox.email import EMAIL_SWEEP_DELAY, Email, EmailStatus
from bookings.domain.requests.last_notification import LastNotification
from bookings.domain.scheduling.slot import Slot


@dataclass(frozen=True)
class MimeEmail:
    """A rendered e-mail: its addresses, the message in the format of RFC 5322, and the slot that it names, if any."""

    addresses: tuple[str, ...]
    message: bytes
    slot: Slot | None = None


class Undeliverable(Exception):
    """An e-mail that can never be sent. `code` gives the reason.

    The front desk has to contact the patient in another way.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SendFault(StrEnum):
    """Why SES did not accept a message. The fault decides what happens next."""

    TRANSIENT = "transient"
    """A temporary failure. Try again later."""
    THROTTLED = "throttled"
    """More messages than SES takes in a second. This one waits; no attempt is counted, because it is not at fault."""
    PERMANENT = "permanent"
    """SES does not accept the message or its address. The e-mail has failed."""
    ACCOUNT = "account"
    """Our SES account cannot send: it is paused, over its quota, or its sender is not verified. All e-mails wait."""
    UNKNOWN = "unknown"
    """No answer arrived. The message may have been sent, so it must not be sent again."""


@dataclass(frozen=True)
class SendAccepted:
    """SES accepted the message. Its events have this message id."""

    message_id: str


@dataclass(frozen=True)
class SendRefused:
    """SES refused the message, or did not answer. `code` is SES's error code."""

    fault: SendFault
    code: str


def after_send(email: Email, answer: SendAccepted | SendRefused, now: datetime) -> Email:
    """The e-mail after SES's answer to its message."""
    match answer:
        case SendAccepted(message_id):
            return finish_email(email, EmailStatus.SENT, message_id=message_id)
        case SendRefused(SendFault.TRANSIENT, code):
            return postpone_email(email, code, now)
        case SendRefused(SendFault.THROTTLED, code):
            return park_email(email, code, now, THROTTLING_DELAY)
        case SendRefused(SendFault.ACCOUNT, code):
            return park_email(email, code, now)
        case SendRefused(SendFault.PERMANENT, code):
            return finish_email(email, EmailStatus.FAILED, failure=code)
        case SendRefused(_, code):
            return mark_unknown(email, code, now)


class DeliveryEvent(StrEnum):
    """Events about a message that SES accepted, by SES's names. Only `Transient Bounce` is our own name."""

    SEND = "Send"
    DELIVERY = "Delivery"
    COMPLAINT = "Complaint"
    BOUNCE = "Bounce"
    TRANSIENT_BOUNCE = "Transient Bounce"
    """A `Bounce` of `bounceType` Transient: a full mailbox, or an automatic reply to an e-mail that has arrived."""
    REJECT = "Reject"
    RENDERING_FAILURE = "Rendering Failure"


_EFFECTS: dict[DeliveryEvent, tuple[int, EmailStatus, str | None]] = {
    DeliveryEvent.SEND: (1, EmailStatus.SENT, None),
    DeliveryEvent.TRANSIENT_BOUNCE: (2, EmailStatus.FAILED, "bounced_transiently"),
    DeliveryEvent.DELIVERY: (3, EmailStatus.DELIVERED, None),
    DeliveryEvent.COMPLAINT: (3, EmailStatus.DELIVERED, None),
    DeliveryEvent.BOUNCE: (4, EmailStatus.FAILED, "bounced"),
    DeliveryEvent.REJECT: (4, EmailStatus.FAILED, "rejected"),
    DeliveryEvent.RENDERING_FAILURE: (4, EmailStatus.FAILED, "not_rendered"),
}
"""The precedence of each event, and the status and failure that it gives to an e-mail."""

_PRECEDENCE = {(status, failure): precedence for precedence, status, failure in _EFFECTS.values()}


def after_delivery_event(email: Email, event: DeliveryEvent, message_id: str) -> Email | None:
    """The e-mail after this event; None if the event changes nothing.

    Events arrive at least once and in any order, so the one with the highest precedence counts. Any event shows that
    the e-mail was sent. A complaint shows that it was delivered. A transient bounce after delivery is only an automatic
    reply.
    """
    precedence, status, failure = _EFFECTS[event]
    if precedence <= _PRECEDENCE.get((email.status, email.failure), 0):
        return None
    return finish_email(email, status, message_id=message_id, failure=failure)


EMAIL_LEASE = timedelta(minutes=3)
"""Longer than the timeout of `send_email` and `sweep_outbox`, so that only the lease of a dead sender expires."""

DELIVERY_EVENT_TIMEOUT = timedelta(hours=1)
"""How long an e-mail may be `unknown` before it is reported. SES events normally arrive within minutes."""

MAX_SEND_ATTEMPTS = 8

THROTTLING_DELAY = timedelta(minutes=1)
"""How long an e-mail waits that SES was too busy for, so that the next sweep sends it."""


def claim_email(email: Email, attempt_id: str, now: datetime, replaced: LastNotification | None = None) -> Email:
    """The e-mail as claimed by this attempt. Write it only if the stored e-mail is unchanged.

    `replaced` is the last notification of its request, which the claim replaces.
    """
    return email.model_copy(
        update={
            "status": EmailStatus.SENDING,
            "attempt_id": attempt_id,
            "attempts": email.attempts + 1,
            "due_at": now + EMAIL_LEASE,
            "replaced_notification": replaced,
        }
    )


def finish_email(
    email: Email, status: EmailStatus, *, message_id: str | None = None, failure: str | None = None
) -> Email:
    """The e-mail with a final status, or `unknown`; `failure` is a code."""
    return email.model_copy(update={"status": status, "message_id": message_id or email.message_id, "failure": failure})


def mark_unknown(email: Email, failure: str, now: datetime) -> Email:
    """The e-mail as possibly sent. It is reported if no SES event arrives within DELIVERY_EVENT_TIMEOUT."""
    return finish_email(email, EmailStatus.UNKNOWN, failure=failure).model_copy(
        update={"due_at": now + DELIVERY_EVENT_TIMEOUT}
    )


def postpone_email(email: Email, failure: str, now: datetime) -> Email:
    """The e-mail as pending again after a transient failure, with exponential back-off.

    After MAX_SEND_ATTEMPTS it has failed.
    """
    if email.attempts >= MAX_SEND_ATTEMPTS:
        return finish_email(email, EmailStatus.FAILED, failure=failure)
    delay = timedelta(minutes=2**email.attempts)
    return email.model_copy(update={"status": EmailStatus.PENDING, "due_at": now + delay, "failure": failure})


def park_email(email: Email, failure: str, now: datetime, delay: timedelta = EMAIL_SWEEP_DELAY) -> Email:
    """The e-mail as pending again, for a reason outside the e-mail. The attempt does not count."""
    return email.model_copy(
        update={
            "status": EmailStatus.PENDING,
            "attempts": email.attempts - 1,
            "due_at": now + delay,
            "failure": failure,
        }
    )
