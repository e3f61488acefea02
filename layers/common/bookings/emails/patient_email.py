"""Render an e-mail to a patient: the MIME message with its calendar file, or a preview of its text."""

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bookings.domain.kernel.personal_data import clean_line, to_ascii_email
from bookings.domain.kernel.phone_numbers import format_national
from bookings.domain.outbox.email import Email, EmailKind, EmailPreview
from bookings.domain.outbox.email_delivery import MimeEmail, Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.emails.calendar_file import calendar_file, method
from bookings.emails.mime_message import CalendarAttachment, MimeContent, to_mime
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
    EmailKind.WRONG_APPOINTMENT: "#b4472f",
    EmailKind.REOPENED: "#1b8a6b",
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
        content = MimeContent(
            sender_name=practice.name,
            sender=self._sender,
            recipients=(patient,),
            subject=text.subject,
            text=_TEXT_TEMPLATE.render(values),
            html=_HTML_TEMPLATE.render(values),
            language=text.language.code,
        )
        calendar = None
        if calendar_method := method(email):
            file = calendar_file(email, text, practice, self._sender, patient, now)
            calendar = CalendarAttachment(file, calendar_method)
        return MimeEmail((patient,), to_mime(content, now, calendar), text.slot)


def to_address(email: str | None) -> str:
    """The address in ASCII, as SES requires, its domain in Punycode; raises Undeliverable."""
    if not email:
        raise Undeliverable("no_address")
    try:
        return to_ascii_email(email)
    except ValueError:
        raise Undeliverable("address_unusable") from None


def render_preview(email: Email, request: Request, practice: Practice, now: datetime) -> EmailPreview:
    """Subject and plain text of the e-mail; raises Undeliverable if it can never be sent."""
    text = compose_text(email, request, practice, now)
    return EmailPreview(clean_line(text.subject), _TEXT_TEMPLATE.render(_template_values(email, text, practice)))


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
