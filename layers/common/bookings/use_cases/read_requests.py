"""Read the queue, one request with its history, matches and openings, and the schedule of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from bookings.domain.matching.match import Match
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.request_query import RequestFilters
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.availability import days_around, nearest_openings
from bookings.domain.scheduling.conflicts import Fit, assess_fit
from bookings.domain.scheduling.day_sheet import DaySheet, Sheets, sheet_keys_on
from bookings.domain.scheduling.slot import Slot
from bookings.use_cases.optimistic_transaction import get_practice, get_request
from bookings.use_cases.ports import BookingStore, PracticeRepository

PENDING_PER_DAY = 100
"""Pending requests that the schedule of a day shows, at most."""


@dataclass(frozen=True)
class RequestWithFit:
    """A request and, until it is decided, whether its time fits the schedule."""

    request: Request
    fit: Fit | None


@dataclass(frozen=True)
class ScheduleDay:
    """A practice's day: its day sheets, appointments and pending requests."""

    practice: Practice
    date: date
    sheets: tuple[DaySheet, ...]
    appointments: tuple[Appointment, ...]
    requests: tuple[RequestWithFit, ...]


def list_requests(
    practices: PracticeRepository,
    bookings: BookingStore,
    practice_id: str,
    filters: RequestFilters,
    cursor: str | None,
    now: datetime,
) -> tuple[list[RequestWithFit], str | None]:
    """A page of the queue, and the cursor of the next one. One round trip, and one more if requests are pending."""
    practice = get_practice(practices, practice_id)
    page = bookings.requests(practice, filters, cursor)
    return _add_fits(bookings, practice, page.items, now), page.next_cursor


def read_request(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, request_id: str, now: datetime
) -> RequestWithFit:
    """One request. Takes one round trip, and one more if it is pending."""
    practice = get_practice(practices, practice_id)
    request = get_request(bookings.load(practice.id, request_id=request_id))
    (request_with_fit,) = _add_fits(bookings, practice, [request], now)
    return request_with_fit


def read_history(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, request_id: str
) -> list[HistoryEntry]:
    """Every change of a request, oldest first."""
    practice = get_practice(practices, practice_id)
    get_request(bookings.load(practice.id, request_id=request_id))
    return bookings.history(request_id)


def list_matches(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, request_id: str, now: datetime
) -> list[Match]:
    """Appointments that the request may be about, best match first."""
    from bookings.domain.matching.candidate_ranking import rank_candidates  # noqa: PLC0415  # no other function here compares patients

    practice = get_practice(practices, practice_id)
    patient = get_request(bookings.load(practice.id, request_id=request_id)).patient
    return rank_candidates(patient, bookings.candidates(practice, patient, now))


def list_openings(
    practices: PracticeRepository,
    bookings: BookingStore,
    practice_id: str,
    request_id: str,
    now: datetime,
    *,
    reach: int,
    limit: int,
) -> list[Slot]:
    """The nearest openings for a request, up to `reach` days before and after its day, nearest first."""
    practice = get_practice(practices, practice_id)
    wanted = get_request(bookings.load(practice.id, request_id=request_id)).requested
    days = days_around(wanted, now, reach)
    sheets = bookings.load(practice.id, sheets=sheet_keys_on(practice, days)).sheets
    return nearest_openings(practice, wanted, days, sheets, now, limit)


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
        appointments=tuple(sorted(booked.values(), key=_start_and_id)),
        requests=tuple(_add_fit(practice, request, snapshot.sheets, now) for request in pending_page.items),
    )


def _start_and_id(appointment: Appointment) -> tuple[datetime | bool, str]:
    return appointment.slot is not None and appointment.slot.begins, appointment.id


def _add_fits(
    bookings: BookingStore, practice: Practice, requests: Sequence[Request], now: datetime
) -> list[RequestWithFit]:
    days = {day for request in requests if _is_undecided(request) for day in request.requested.days}
    sheets = bookings.load(practice.id, sheets=sheet_keys_on(practice, days)).sheets if days else {}
    return [_add_fit(practice, request, sheets, now) for request in requests]


def _add_fit(practice: Practice, request: Request, sheets: Sheets, now: datetime) -> RequestWithFit:
    return RequestWithFit(
        request, assess_fit(practice, request.requested, sheets, now) if _is_undecided(request) else None
    )


def _is_undecided(request: Request) -> bool:
    return request.status in (Status.PENDING, Status.PROPOSED)
