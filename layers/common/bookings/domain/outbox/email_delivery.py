"""What passes between us and whoever carries our mail: the envelope, the first answer, the later news."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bookings.domain.outbox.email import Letter, LetterStatus, lose, park, postpone, settle


@dataclass(frozen=True)
class Envelope:
    """A letter ready to go: where to, and the message as RFC 5322 writes it."""

    addresses: tuple[str, ...]
    message: bytes


class Unmailable(Exception):
    """This letter can never go out; `code` says why, and the front desk has to reach the patient another way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Fault(StrEnum):
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
class Taken:
    """The carrier has the message and will report under this id."""

    message_id: str


@dataclass(frozen=True)
class NotTaken:
    """The carrier refused the message, or did not answer."""

    fault: Fault
    code: str


def answered(letter: Letter, answer: Taken | NotTaken, now: datetime) -> Letter:
    """The letter after the carrier's first answer."""
    match answer:
        case Taken(message_id):
            return settle(letter, LetterStatus.SENT, message_id=message_id)
        case NotTaken(Fault.TRANSIENT, code):
            return postpone(letter, code, now)
        case NotTaken(Fault.ACCOUNT, code):
            return park(letter, code, now)
        case NotTaken(Fault.PERMANENT, code):
            return settle(letter, LetterStatus.FAILED, failure=code)
        case NotTaken(_, code):
            return lose(letter, code, now)


class News(StrEnum):
    """What the carrier reports of a message it took, in the words of SES events."""

    SEND = "Send"
    DELIVERY = "Delivery"
    COMPLAINT = "Complaint"
    BOUNCE = "Bounce"
    TRANSIENT_BOUNCE = "Transient Bounce"
    """A `Bounce` of `bounceType` Transient: a full mailbox, say, or an automatic reply to a letter that has arrived."""
    REJECT = "Reject"
    RENDERING_FAILURE = "Rendering Failure"


_REPORTED: dict[News, tuple[int, LetterStatus, str | None]] = {
    News.SEND: (1, LetterStatus.SENT, None),
    News.TRANSIENT_BOUNCE: (2, LetterStatus.FAILED, "bounced_transiently"),
    News.DELIVERY: (3, LetterStatus.DELIVERED, None),
    News.COMPLAINT: (3, LetterStatus.DELIVERED, None),
    News.BOUNCE: (4, LetterStatus.FAILED, "bounced"),
    News.REJECT: (4, LetterStatus.FAILED, "rejected"),
    News.RENDERING_FAILURE: (4, LetterStatus.FAILED, "not_rendered"),
}
"""How much each piece of news weighs, and what it makes of a letter."""

_WEIGHTS = {(status, failure): weight for weight, status, failure in _REPORTED.values()}


def heard(letter: Letter, news: News, message_id: str) -> Letter | None:
    """The letter after this news; None if it says nothing new.

    News comes at least once and in any order, so the weightiest counts: nothing is reported that was not sent; even a
    complaint is proof of delivery; and what bounces for a while after that is no more than an automatic reply.
    """
    weight, status, failure = _REPORTED[news]
    if weight <= _WEIGHTS.get((letter.status, letter.failure), 0):
        return None
    return settle(letter, status, message_id=message_id, failure=failure)
