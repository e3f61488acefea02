"""A letter as it goes out: words and templates, the calendar file, and the envelope around them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bookings.domain.outbox.email import Letter, LetterKind
from bookings.domain.outbox.email_delivery import Envelope, Unmailable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.emails.calendar_file import calendar_file, method
from bookings.emails.email_texts import Words, put_into_words
from bookings.emails.phone import readable

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
_TEXT = TEMPLATES.get_template("letter.txt")
_HTML = TEMPLATES.get_template("letter.html")

_ACCENTS = {
    LetterKind.CONFIRMATION: "#1b8a6b",
    LetterKind.REJECTION: "#8a9a99",
    LetterKind.CANCELLATION: "#b4472f",
}


class LetterWriter:
    """Writes letters that come from this address, under the practice's name."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    def __call__(self, letter: Letter, request: Request, practice: Practice, now: datetime) -> Envelope:
        """The letter in its envelope; raises Unmailable for one that can never go out."""
        patient = address_of(request.patient.email)
        words = put_into_words(letter, request, practice, now)
        shown = _shown(letter, words, practice)
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(one_line(practice.name), addr_spec=self._sender)
        message["To"] = patient
        message["Subject"] = one_line(words.subject)
        message["Date"] = format_datetime(now.astimezone(UTC))
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_TEXT.render(shown), cte="quoted-printable")
        message.add_alternative(_HTML.render(shown), subtype="html", cte="quoted-printable")
        if asked := method(letter):
            # A file beside the letter, not an alternative to it: Outlook would show the invitation in its place.
            message.add_attachment(
                calendar_file(letter, words, practice, self._sender, patient.addr_spec, now),
                subtype="calendar",
                params={"method": asked},
                filename="appointment.ics",
                cte="base64",
            )
        message["Content-Language"] = words.language.code  # last: the content sets the Content-* headers anew
        return Envelope((patient.addr_spec,), message.as_bytes())


def address_of(email: str | None) -> Address:
    """The address as SES takes it: ASCII, the domain in Punycode."""
    if not email:
        raise Unmailable("no_address")
    local_part, _, domain = email.rpartition("@")
    try:
        local_part.encode("ascii")
        return Address(addr_spec=f"{local_part}@{domain.encode('idna').decode()}")
    except (UnicodeError, ValueError, IndexError, MessageError):
        raise Unmailable("address_unusable") from None


@dataclass(frozen=True)
class PlainLetter:
    """A letter as its plain part reads."""

    subject: str
    text: str


def plain(letter: Letter, request: Request, practice: Practice, now: datetime) -> PlainLetter:
    """The letter without its envelope; raises Unmailable for one that can never go out."""
    words = put_into_words(letter, request, practice, now)
    return PlainLetter(one_line(words.subject), _TEXT.render(_shown(letter, words, practice)))


def _shown(letter: Letter, words: Words, practice: Practice) -> dict[str, object]:
    language, slot = words.language, words.slot
    return {
        "language": language.code,
        "subject": words.subject,
        "heading": words.heading,
        "greeting": words.greeting,
        "opening": words.opening,
        "closing": words.closing,
        "moment_label": words.slot_label,
        "moment": language.moment(slot.start) if slot else None,
        "date": language.date(slot.start) if slot else None,
        "time": language.time(slot.start) if slot else None,
        "zone": language.zone(slot.start) if slot else None,
        "is_void": letter.kind is LetterKind.CANCELLATION,
        "facts": words.facts,
        "accent": _ACCENTS[letter.kind],
        "practice": practice,
        "phone": readable(practice.phone) if practice.phone else None,
        "phone_link": practice.phone,
        "colon": language.sentences.colon,
        "unread": language.sentences.unread,
    }


def one_line(text: str) -> str:
    """Without line breaks, which would end a header."""
    return " ".join(text.split())
