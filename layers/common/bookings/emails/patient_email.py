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

from bookings.domain.kernel.phone_numbers import format_national
from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.outbox.email_delivery import MimeEmail, Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.emails.calendar_file import calendar_file, method
from bookings.emails.email_texts import EmailText, compose_text

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
_TEXT = TEMPLATES.get_template("letter.txt")
_HTML = TEMPLATES.get_template("letter.html")

_ACCENTS = {
    EmailKind.CONFIRMATION: "#1b8a6b",
    EmailKind.REJECTION: "#8a9a99",
    EmailKind.CANCELLATION: "#b4472f",
}


class PatientEmailRenderer:
    """Writes letters that come from this address, under the practice's name."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    def __call__(self, email: Email, request: Request, practice: Practice, now: datetime) -> MimeEmail:
        """The letter in its envelope; raises Unmailable for one that can never go out."""
        patient = to_address(request.patient.email)
        words = compose_text(email, request, practice, now)
        shown = _template_values(email, words, practice)
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(one_line(practice.name), addr_spec=self._sender)
        message["To"] = patient
        message["Subject"] = one_line(words.subject)
        message["Date"] = format_datetime(now.astimezone(UTC))
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_TEXT.render(shown), cte="quoted-printable")
        message.add_alternative(_HTML.render(shown), subtype="html", cte="quoted-printable")
        if asked := method(email):
            # A file beside the letter, not an alternative to it: Outlook would show the invitation in its place.
            message.add_attachment(
                calendar_file(email, words, practice, self._sender, patient.addr_spec, now),
                subtype="calendar",
                params={"method": asked},
                filename="appointment.ics",
                cte="base64",
            )
        message["Content-Language"] = words.language.code  # last: the content sets the Content-* headers anew
        return MimeEmail((patient.addr_spec,), message.as_bytes())


def to_address(email: str | None) -> Address:
    """The address as SES takes it: ASCII, the domain in Punycode."""
    if not email:
        raise Undeliverable("no_address")
    local_part, _, domain = email.rpartition("@")
    try:
        local_part.encode("ascii")
        return Address(addr_spec=f"{local_part}@{domain.encode('idna').decode()}")
    except (UnicodeError, ValueError, IndexError, MessageError):
        raise Undeliverable("address_unusable") from None


@dataclass(frozen=True)
class EmailPreview:
    """A letter as its plain part reads."""

    subject: str
    text: str


def preview(email: Email, request: Request, practice: Practice, now: datetime) -> EmailPreview:
    """The letter without its envelope; raises Unmailable for one that can never go out."""
    words = compose_text(email, request, practice, now)
    return EmailPreview(one_line(words.subject), _TEXT.render(_template_values(email, words, practice)))


def _template_values(email: Email, words: EmailText, practice: Practice) -> dict[str, object]:
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
        "is_void": email.kind is EmailKind.CANCELLATION,
        "facts": words.facts,
        "accent": _ACCENTS[email.kind],
        "practice": practice,
        "phone": format_national(practice.phone) if practice.phone else None,
        "phone_link": practice.phone,
        "colon": language.sentences.colon,
        "unread": language.sentences.unread,
    }


def one_line(text: str) -> str:
    """Without line breaks, which would end a header."""
    return " ".join(text.split())
