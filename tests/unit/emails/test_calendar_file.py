"""The calendar file, parsed by a calendar library."""

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar

from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from tests.support.email_builders import (
    NOW,
    SENDER,
    a_cancellation,
    a_french_practice,
    a_practice,
    a_rejected_request,
    a_request,
    a_slot,
    a_wrong_appointment_email,
    an_accepted_request,
    an_email,
)
from tests.unit.emails.test_patient_email import rendered


def attachment(email: Email, request: Request, practice: Practice | None = None) -> EmailMessage:
    (part,) = rendered(email, request, practice).iter_attachments()
    assert isinstance(part, EmailMessage)
    return part


def raw(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def read(email: Email, request: Request, practice: Practice | None = None) -> tuple[Any, Any]:
    calendar = Calendar.from_ical(raw(attachment(email, request, practice)))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def a_confirmation(**changes: Any) -> tuple[Any, Any]:
    return read(an_email(**changes), an_accepted_request())


def test_a_confirmation_has_a_calendar_request() -> None:
    part = attachment(an_email(), an_accepted_request())
    assert part.get_content_type() == "text/calendar"
    assert (part["Content-Type"].params["method"], part.get_filename()) == ("REQUEST", "appointment.ics")
    calendar, event = a_confirmation()
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert "UID" not in calendar, "only events have one"
    assert event["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize("email", [a_cancellation(), a_wrong_appointment_email()])
def test_a_cancellation_cancels_the_same_calendar_entry(email: Email) -> None:
    part = attachment(email, a_request(outbox_id="mail_2"))
    assert part["Content-Type"].params["method"] == "CANCEL"
    calendar, event = read(email, a_request(outbox_id="mail_2"))
    _, confirmed = a_confirmation()
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event["UID"] == confirmed["UID"] == "req_1@chairlink"
    assert event["SEQUENCE"] > confirmed["SEQUENCE"]
    assert event["DTSTART"].dt == confirmed["DTSTART"].dt
    assert event["ORGANIZER"] == confirmed["ORGANIZER"]


def test_a_cancellation_without_its_time_still_has_the_uid() -> None:
    _, event = read(a_cancellation(taken_back=None), a_request(outbox_id="mail_2"))
    assert event["UID"] == "req_1@chairlink"
    assert "DTSTART" not in event, "RFC 5546 §3.2.5 lets it go"


def test_the_sequence_number_rises_with_the_revision() -> None:
    assert [a_confirmation(revision=revision)[1]["SEQUENCE"] for revision in (2, 4, 6)] == [2, 4, 6]


def test_times_are_in_utc_so_that_old_zone_rules_cannot_move_them() -> None:
    december = a_slot(start=datetime(2026, 12, 15, 14, 30, tzinfo=a_practice().zone))
    _, event = read(an_email(), an_accepted_request(accepted=december))
    assert event["DTSTART"].dt == datetime(2026, 12, 15, 21, 30, tzinfo=UTC), "Vancouver stays at UTC−7"
    assert event["DTEND"].dt == datetime(2026, 12, 15, 22, 30, tzinfo=UTC)
    assert event["DTSTAMP"].dt == NOW
    assert b"DTSTART:20261215T213000Z" in raw(attachment(an_email(), an_accepted_request(accepted=december)))


def test_the_description_contains_wall_time_and_zone() -> None:
    _, event = a_confirmation()
    assert "Wednesday, July 15, 2026 at 2:30 PM (Vancouver time, UTC−7)" in event["DESCRIPTION"]


@pytest.mark.parametrize(
    ("practice", "summary"),
    [
        (a_practice(), "Appointment at Harbour Dental"),
        (a_french_practice(), "Rendez-vous – Clinique Saint-Laurent"),
        (a_practice(name="Smile, Inc.; \\ Sons"), "Appointment at Smile, Inc.; \\ Sons"),
    ],
)
def test_the_summary_names_the_practice(practice: Practice, summary: str) -> None:
    _, event = read(an_email(), an_accepted_request(), practice)
    assert event["SUMMARY"] == summary
    assert event["LOCATION"] == practice.address


def test_the_organizer_is_the_practice_and_requests_no_reply() -> None:
    _, event = a_confirmation()
    assert event["ORGANIZER"] == f"mailto:{SENDER}"
    assert event["ORGANIZER"].params["CN"] == "Harbour Dental"
    assert event["ATTENDEE"] == "mailto:jane@example.com"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


def test_a_quote_in_the_practices_name_is_escaped() -> None:
    _, event = read(an_email(), an_accepted_request(), a_practice(name='The "Tooth"'))
    assert event["ORGANIZER"].params["CN"] == "The 'Tooth'"


def test_lines_are_folded_and_end_with_crlf() -> None:
    practice = a_french_practice().model_copy(update={"address": "é" * 200})
    content = raw(attachment(an_email(), an_accepted_request(), practice))
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


def test_a_rejection_has_no_calendar_file() -> None:
    assert not list(rendered(an_email(EmailKind.REJECTION), a_rejected_request()).iter_attachments())
