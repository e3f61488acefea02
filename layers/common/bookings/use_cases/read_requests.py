"""What the front desk sees: the queue, one request and everything about it, the schedule of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from bookings.domain.change_set import HistoryEntry
from bookings.domain.matching.match import Match
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.request_query import Filters
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.availability import days_around, nearest_openings
from bookings.domain.scheduling.conflicts import DaySheet, Fit, Sheets, fit, sheets_of_days
from bookings.domain.scheduling.slot import Slot
from bookings.use_cases.optimistic_transaction import practice_of, request_of
from bookings.use_cases.ports import Bookings, Practices

PENDING_PER_DAY = 100


@dataclass(frozen=True)
class Judged:
    """A request, and whether it fits while it waits for a decision."""

    request: Request
    fit: Fit | None


@dataclass(frozen=True)
class Day:
    """A practice's day: who is busy when, with which appointments, and who would like to come."""

    practice: Practice
    date: date
    sheets: tuple[DaySheet, ...]
    appointments: tuple[Appointment, ...]
    requests: tuple[Judged, ...]


def page(
    practices: Practices, bookings: Bookings, practice_id: str, filters: Filters, position: str | None, now: datetime
) -> tuple[list[Judged], str | None]:
    """One page of the queue and the position of the next. One round trip, and one for the fit of pending requests."""
    practice = practice_of(practices, practice_id)
    found = bookings.requests(practice, filters, position)
    return _judge(bookings, practice, found.items, now), found.next_position


def request(practices: Practices, bookings: Bookings, practice_id: str, request_id: str, now: datetime) -> Judged:
    """One request. One round trip, and one for the fit of a pending one."""
    practice = practice_of(practices, practice_id)
    found = request_of(bookings.see(practice.id, request_id=request_id))
    (judged,) = _judge(bookings, practice, [found], now)
    return judged


def history(practices: Practices, bookings: Bookings, practice_id: str, request_id: str) -> list[HistoryEntry]:
    """Every change of a request, first things first."""
    practice = practice_of(practices, practice_id)
    request_of(bookings.see(practice.id, request_id=request_id))
    return bookings.history(request_id)


def matches(practices: Practices, bookings: Bookings, practice_id: str, request_id: str, now: datetime) -> list[Match]:
    """The patient's appointments that may be the one asked for, best first."""
    from bookings.domain.matching.candidate_ranking import best_matches  # noqa: PLC0415  # nothing else here compares patients

    practice = practice_of(practices, practice_id)
    patient = request_of(bookings.see(practice.id, request_id=request_id)).patient
    return best_matches(patient, bookings.candidates(practice, patient, now))


def openings(
    practices: Practices,
    bookings: Bookings,
    practice_id: str,
    request_id: str,
    now: datetime,
    *,
    reach: int,
    limit: int,
) -> list[Slot]:
    """The nearest openings for a request, `reach` days on either side of its day, best first."""
    practice = practice_of(practices, practice_id)
    wanted = request_of(bookings.see(practice.id, request_id=request_id)).requested
    days = days_around(wanted, now, reach)
    sheets = bookings.see(practice.id, sheets=sheets_of_days(practice, days)).sheets
    return nearest_openings(practice, wanted, days, sheets, now, limit)


def day(practices: Practices, bookings: Bookings, practice_id: str, on: date, now: datetime) -> Day:
    """The schedule of one day."""
    practice = practice_of(practices, practice_id)
    pending = Filters((Status.PENDING,), first_day=on, last_day=on, limit=PENDING_PER_DAY)
    seen, waiting = bookings.beside(
        partial(bookings.see, practice.id, sheets=sheets_of_days(practice, [on])),
        partial(bookings.requests, practice, pending, None),
    )
    sheets = tuple(seen.sheets.values())
    known = bookings.appointments(practice.id, [name for sheet in sheets for name in sheet.busy])
    appointments = sorted(known.values(), key=lambda one: (one.slot is not None and one.slot.begins, one.id))
    return Day(
        practice=practice,
        date=on,
        sheets=sheets,
        appointments=tuple(appointments),
        requests=tuple(_judged(practice, request, seen.sheets, now) for request in waiting.items),
    )


def _judge(bookings: Bookings, practice: Practice, requests: Sequence[Request], now: datetime) -> list[Judged]:
    days = {day for request in requests if _waits(request) for day in request.requested.days}
    sheets = bookings.see(practice.id, sheets=sheets_of_days(practice, days)).sheets if days else {}
    return [_judged(practice, request, sheets, now) for request in requests]


def _judged(practice: Practice, request: Request, sheets: Sheets, now: datetime) -> Judged:
    return Judged(request, fit(practice, request.requested, sheets, now) if _waits(request) else None)


def _waits(request: Request) -> bool:
    return request.status in (Status.PENDING, Status.PROPOSED)
