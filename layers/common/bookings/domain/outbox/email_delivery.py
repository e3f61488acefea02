"""The message for SES, SES's answer, its delivery events, and how both change an e-mail.

Events: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bookings.domain.outbox.email import Email, EmailStatus, finish_email, mark_unknown, park_email, postpone_email


@dataclass(frozen=True)
class MimeEmail:
    """A rendered e-mail: its addresses, and the message in the format of RFC 5322."""

    addresses: tuple[str, ...]
    message: bytes


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
