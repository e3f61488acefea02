"""The schedule of one day: sheets, appointments and the requests that want to come."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.request_query import RequestFilters
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Status
from bookings.domain.scheduling.day_sheet import DaySheet, sheet_keys_on
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.ports import BookingStore, PracticeRepository
from bookings.use_cases.read_requests import RequestDetails, to_request_details

PENDING_PER_DAY = 100
"""Pending requests that the schedule of a day shows, at most."""


@dataclass(frozen=True)
class ScheduleDay:
    """A practice's day: its day sheets, appointments and pending requests."""

    practice: Practice
    date: date
    sheets: tuple[DaySheet, ...]
    appointments: tuple[Appointment, ...]
    requests: tuple[RequestDetails, ...]


def read_schedule(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, on: date, now: datetime
) -> ScheduleDay:
    """The schedule of one day."""
    practice = get_practice(practices, practice_id)
    pending_only = RequestFilters((Status.PENDING,), first_day=on, last_day=on, limit=PENDING_PER_DAY)
    snapshot, pending_page = bookings.run_both(
        partial(bookings.load, practice.id, sheets=sheet_keys_on(practice, [on])),
        partial(bookings.requests, practice, pending_only, None),
    )
    sheets = tuple(snapshot.sheets.values())
    booked = bookings.appointments(practice.id, [appointment_id for sheet in sheets for appointment_id in sheet.busy])
    return ScheduleDay(
        practice=practice,
        date=on,
        sheets=sheets,
        appointments=tuple(sorted((one for one in booked.values() if one.slot), key=_start_and_id)),
        requests=tuple(
            to_request_details(practice, request, snapshot.sheets, pending_page.items, now)
            for request in pending_page.items
        ),
    )


def _start_and_id(appointment: Appointment) -> tuple[datetime | bool, str]:
    return appointment.slot is not None and appointment.slot.begins, appointment.id
