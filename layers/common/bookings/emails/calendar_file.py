"""The calendar file of a letter (RFC 5545, RFC 5546): it adds the appointment, moves it, or takes it out again.

Times are instants in UTC, not wall times with a zone. Calendars look a zone up in their own rules by its name and
disregard the VTIMEZONE that comes along; where the rules have just changed, as in British Columbia in 2026, a phone
with last year's rules would then ring an hour off. An instant rings at the right moment everywhere. The wall time is
in the description, in words, with its zone.
"""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import CLASS, STATUS, TRANSP

from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.practice.practice import Practice
from bookings.emails.email_texts import EmailText

_METHODS = {EmailKind.CONFIRMATION: "REQUEST", EmailKind.CANCELLATION: "CANCEL"}


def method(email: Email) -> str | None:
    """What the file asks the calendar to do; None for a letter that has no file."""
    return _METHODS.get(email.kind)


def calendar_file(email: Email, words: EmailText, practice: Practice, sender: str, patient: str, now: datetime) -> str:
    """The file. It names neither the service nor the patient; a UID for each request keeps it one entry for ever."""
    is_cancelled = email.kind is EmailKind.CANCELLATION
    slot = words.slot
    event = Event.new(
        uid=f"{email.request_id}@chairlink",
        sequence=email.revision,
        stamp=now.astimezone(UTC),
        start=slot.begins if slot else None,
        end=slot.begins + timedelta(minutes=slot.duration_minutes) if slot else None,
        summary=words.language.sentences.event.format(practice=practice.name),
        description=_description(words),
        location=practice.address,
        status=STATUS.CANCELLED if is_cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if is_cancelled else TRANSP.OPAQUE,
        classification=CLASS.PRIVATE,
        organizer=vCalAddress.new(sender, cn=practice.name.replace('"', "'")),
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


def _description(words: EmailText) -> str:
    facts = [words.language.moment(words.slot.start)] if words.slot else []
    return "\n".join([words.heading, *facts])
