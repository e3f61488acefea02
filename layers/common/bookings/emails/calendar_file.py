"""The calendar file of an e-mail (RFC 5545, RFC 5546), which adds, moves or removes the appointment.

Times are in UTC, not in the practice's zone. Calendars ignore the VTIMEZONE in a file and use their own rules for the
zone's name. Where the rules have just changed, as in British Columbia in 2026, a phone with old rules would show the
appointment an hour off. A time in UTC is right everywhere. The local time is in the description.
"""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import CLASS, STATUS, TRANSP

from bookings.domain.kernel.personal_data import clean_line
from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.practice.practice import Practice
from bookings.emails.patient_email_text import EmailText

_METHODS = {
    EmailKind.CONFIRMATION: "REQUEST",
    EmailKind.CANCELLATION: "CANCEL",
    EmailKind.WRONG_APPOINTMENT: "CANCEL",
}


def method(email: Email) -> str | None:
    """The METHOD of the e-mail's calendar file (RFC 5546 §1.4); None if the e-mail has no file."""
    return _METHODS.get(email.kind)


def calendar_file(email: Email, text: EmailText, practice: Practice, sender: str, patient: str, now: datetime) -> str:
    """The file, without the names of service and patient. One UID per request, so that a calendar has one entry."""
    is_cancelled = method(email) == "CANCEL"
    slot = text.slot
    event = Event.new(
        uid=f"{email.request_id}@chairlink",
        sequence=email.revision,
        stamp=now.astimezone(UTC),
        start=slot.begins if slot else None,
        end=slot.begins + timedelta(minutes=slot.duration_minutes) if slot else None,
        summary=text.language.sentences.event.format(practice=practice.name),
        description=_description(text),
        location=practice.address,
        status=STATUS.CANCELLED if is_cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if is_cancelled else TRANSP.OPAQUE,
        classification=CLASS.PRIVATE,
        organizer=vCalAddress.new(sender, cn=clean_line(practice.name).replace('"', "'")),
        attendees=[
            vCalAddress.new(patient, cutype="INDIVIDUAL", role="REQ-PARTICIPANT", partstat="ACCEPTED", rsvp=False)
        ],
    )
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Chairlink//Bookings//EN")
    calendar.add("method", method(email))
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content.decode()


def _description(text: EmailText) -> str:
    lines = [text.heading]
    if text.slot:
        lines.append(text.language.moment(text.slot.start))
    return "\n".join(lines)
