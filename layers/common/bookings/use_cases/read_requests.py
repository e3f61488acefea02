"""What the front desk sees: the queue, one request and everything about it, the schedule of a day."""

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


@dataclass(frozen=True)
class RequestWithFit:
    """A request, and whether it fits while it waits for a decision."""

    request: Request
    fit: Fit | None


@dataclass(frozen=True)
class ScheduleDay:
    """A practice's day: who is busy when, with which appointments, and who would like to come."""

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
    """One page of the queue and the position of the next. One round trip, and one for the fit of pending requests."""
    practice = get_practice(practices, practice_id)
    found = bookings.requests(practice, filters, cursor)
    return _judge(bookings, practice, found.items, now), found.next_cursor


def read_request(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, request_id: str, now: datetime
) -> RequestWithFit:
    """One request. One round trip, and one for the fit of a pending one."""
    practice = get_practice(practices, practice_id)
    found = get_request(bookings.load(practice.id, request_id=request_id))
    (judged,) = _judge(bookings, practice, [found], now)
    return judged


def read_history(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, request_id: str
) -> list[HistoryEntry]:
    """Every change of a request, first things first."""
    practice = get_practice(practices, practice_id)
    get_request(bookings.load(practice.id, request_id=request_id))
    return bookings.history(request_id)


def list_matches(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, request_id: str, now: datetime
) -> list[Match]:
    """The patient's appointments that may be the one asked for, best first."""
    from bookings.domain.matching.candidate_ranking import rank_candidates  # noqa: PLC0415  # nothing else here compares patients

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
    """The nearest openings for a request, `reach` days on either side of its day, best first."""
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
    pending = RequestFilters((Status.PENDING,), first_day=on, last_day=on, limit=PENDING_PER_DAY)
    snapshot, waiting = bookings.run_both(
        partial(bookings.load, practice.id, sheets=sheet_keys_on(practice, [on])),
        partial(bookings.requests, practice, pending, None),
    )
    sheets = tuple(snapshot.sheets.values())
    known = bookings.appointments(practice.id, [name for sheet in sheets for name in sheet.busy])
    appointments = sorted(known.values(), key=lambda one: (one.slot is not None and one.slot.begins, one.id))
    return ScheduleDay(
        practice=practice,
        date=on,
        sheets=sheets,
        appointments=tuple(appointments),
        requests=tuple(_judged(practice, request, snapshot.sheets, now) for request in waiting.items),
    )


def _judge(
    bookings: BookingStore, practice: Practice, requests: Sequence[Request], now: datetime
) -> list[RequestWithFit]:
    days = {day for request in requests if _waits(request) for day in request.requested.days}
    sheets = bookings.load(practice.id, sheets=sheet_keys_on(practice, days)).sheets if days else {}
    return [_judged(practice, request, sheets, now) for request in requests]


def _judged(practice: Practice, request: Request, sheets: Sheets, now: datetime) -> RequestWithFit:
    return RequestWithFit(request, assess_fit(practice, request.requested, sheets, now) if _waits(request) else None)


def _waits(request: Request) -> bool:
    return request.status in (Status.PENDING, Status.PROPOSED)
