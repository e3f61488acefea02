"""What passes between us and whoever carries our mail: the envelope, the first answer, the later news."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bookings.domain.outbox.email import Email, EmailStatus, finish_email, mark_unknown, park_email, postpone_email


@dataclass(frozen=True)
class MimeEmail:
    """A letter ready to go: where to, and the message as RFC 5322 writes it."""

    addresses: tuple[str, ...]
    message: bytes


class Undeliverable(Exception):
    """This letter can never go out; `code` says why, and the front desk has to reach the patient another way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SendFault(StrEnum):
    """Whose fault it is that a message was not taken, and so what to do next."""

    TRANSIENT = "transient"
    """Nobody's; try again later."""
    PERMANENT = "permanent"
    """The message's or its address's; it will never go."""
    ACCOUNT = "account"
    """Ours: sending is paused, the sender not verified, the quota used up. Every letter waits until somebody helps."""
    UNKNOWN = "unknown"
    """The answer was lost. The message may be on its way, so it must not be sent again."""


@dataclass(frozen=True)
class SendAccepted:
    """The carrier has the message and will report under this id."""

    message_id: str


@dataclass(frozen=True)
class SendRefused:
    """The carrier refused the message, or did not answer."""

    fault: SendFault
    code: str


def after_send(email: Email, answer: SendAccepted | SendRefused, now: datetime) -> Email:
    """The letter after the carrier's first answer."""
    match answer:
        case SendAccepted(message_id):
            return finish_email(email, EmailStatus.SENT, message_id=message_id)
        case SendRefused(SendFault.TRANSIENT, code):
            return postpone_email(email, code, now)
        case SendRefused(SendFault.ACCOUNT, code):
            return park_email(email, code, now)
        case SendRefused(SendFault.PERMANENT, code):
            return finish_email(email, EmailStatus.FAILED, failure=code)
        case SendRefused(_, code):
            return mark_unknown(email, code, now)


class DeliveryEvent(StrEnum):
    """What the carrier reports of a message it took, in the words of SES events."""

    SEND = "Send"
    DELIVERY = "Delivery"
    COMPLAINT = "Complaint"
    BOUNCE = "Bounce"
    TRANSIENT_BOUNCE = "Transient Bounce"
    """A `Bounce` of `bounceType` Transient: a full mailbox, say, or an automatic reply to a letter that has arrived."""
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
"""How much each piece of news weighs, and what it makes of a letter."""

_PRECEDENCE = {(status, failure): weight for weight, status, failure in _EFFECTS.values()}


def after_delivery_event(email: Email, news: DeliveryEvent, message_id: str) -> Email | None:
    """The letter after this news; None if it says nothing new.

    News comes at least once and in any order, so the weightiest counts: nothing is reported that was not sent; even a
    complaint is proof of delivery; and what bounces for a while after that is no more than an automatic reply.
    """
    weight, status, failure = _EFFECTS[news]
    if weight <= _PRECEDENCE.get((email.status, email.failure), 0):
        return None
    return finish_email(email, status, message_id=message_id, failure=failure)
