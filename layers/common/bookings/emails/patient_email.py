"""Render an e-mail to a patient: the MIME message with its calendar file, or a preview of its text."""

from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bookings.domain.kernel.phone_numbers import format_national
from bookings.domain.outbox.email import Email, EmailKind, EmailPreview
from bookings.domain.outbox.email_delivery import MimeEmail, Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.emails.calendar_file import calendar_file, method
from bookings.emails.patient_email_text import EmailText, compose_text

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
_TEXT_TEMPLATE = TEMPLATES.get_template("patient_email.txt")
_HTML_TEMPLATE = TEMPLATES.get_template("patient_email.html")

_ACCENTS = {
    EmailKind.CONFIRMATION: "#1b8a6b",
    EmailKind.REJECTION: "#8a9a99",
    EmailKind.CANCELLATION: "#b4472f",
}


class PatientEmailRenderer:
    """Renders e-mails to patients, from this address and under the practice's name."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    def __call__(self, email: Email, request: Request, practice: Practice, now: datetime) -> MimeEmail:
        """The MIME message; raises Undeliverable if the e-mail can never be sent."""
        patient = to_address(request.patient.email)
        text = compose_text(email, request, practice, now)
        values = _template_values(email, text, practice)
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(one_line(practice.name), addr_spec=self._sender)
        message["To"] = patient
        message["Subject"] = one_line(text.subject)
        message["Date"] = format_datetime(now.astimezone(UTC))
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_TEXT_TEMPLATE.render(values), cte="quoted-printable")
        message.add_alternative(_HTML_TEMPLATE.render(values), subtype="html", cte="quoted-printable")
        if calendar_method := method(email):
            # Attached, not an alternative part: Outlook would show the invitation instead of the text.
            message.add_attachment(
                calendar_file(email, text, practice, self._sender, patient.addr_spec, now),
                subtype="calendar",
                params={"method": calendar_method},
                filename="appointment.ics",
                cte="base64",
            )
        # Last, because setting the content resets the Content-* headers.
        message["Content-Language"] = text.language.code
        return MimeEmail((patient.addr_spec,), message.as_bytes())


def to_address(email: str | None) -> Address:
    """The address in ASCII, as SES requires, its domain in Punycode; raises Undeliverable."""
    if not email:
        raise Undeliverable("no_address")
    local_part, _, domain = email.rpartition("@")
    try:
        local_part.encode("ascii")
        return Address(addr_spec=f"{local_part}@{domain.encode('idna').decode()}")
    except (UnicodeError, ValueError, IndexError, MessageError):
        raise Undeliverable("address_unusable") from None


def render_preview(email: Email, request: Request, practice: Practice, now: datetime) -> EmailPreview:
    """Subject and plain text of the e-mail; raises Undeliverable if it can never be sent."""
    text = compose_text(email, request, practice, now)
    return EmailPreview(one_line(text.subject), _TEXT_TEMPLATE.render(_template_values(email, text, practice)))


def _template_values(email: Email, text: EmailText, practice: Practice) -> dict[str, object]:
    language, slot = text.language, text.slot
    return {
        "language": language.code,
        "subject": text.subject,
        "heading": text.heading,
        "greeting": text.greeting,
        "opening": text.opening,
        "closing": text.closing,
        "moment_label": text.slot_label,
        "moment": language.moment(slot.start) if slot else None,
        "date": language.date(slot.start) if slot else None,
        "time": language.time(slot.start) if slot else None,
        "zone": language.zone(slot.start) if slot else None,
        "is_void": email.kind is EmailKind.CANCELLATION,
        "facts": text.facts,
        "accent": _ACCENTS[email.kind],
        "practice": practice,
        "phone": format_national(practice.phone) if practice.phone else None,
        "phone_link": practice.phone,
        "colon": language.sentences.colon,
        "unread": language.sentences.unread,
    }


def one_line(text: str) -> str:
    """The text on one line, because a line break would end the header."""
    return " ".join(text.split())
