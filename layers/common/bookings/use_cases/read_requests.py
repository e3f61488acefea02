"""List the requests of the queue, and read one request with its fit and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.request_query import RequestFilters
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.conflicts import Fit, assess_fit
from bookings.domain.scheduling.day_sheet import Sheets, sheet_keys_on
from bookings.use_cases.optimistic_transaction import get_practice, get_request
from bookings.use_cases.ports import BookingStore, PracticeRepository


@dataclass(frozen=True)
class RequestWithFit:
    """A request and, until it is decided, whether its time fits the schedule."""

    request: Request
    fit: Fit | None


@dataclass(frozen=True)
class RequestDetails:
    """A request with its fit until it is decided, or with the patient's new appointment after it has lost its own."""

    request: Request
    fit: Fit | None
    new_appointment: Appointment | None


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
) -> RequestDetails:
    """One request. Takes one round trip, and one more if it is pending or has lost its appointment."""
    practice = get_practice(practices, practice_id)
    request = get_request(bookings.load(practice.id, request_id=request_id))
    (request_with_fit,) = _add_fits(bookings, practice, [request], now)
    return RequestDetails(request, request_with_fit.fit, _find_new_appointment(bookings, practice, request, now))


def read_history(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, request_id: str
) -> list[HistoryEntry]:
    """Every change of a request, oldest first."""
    practice = get_practice(practices, practice_id)
    get_request(bookings.load(practice.id, request_id=request_id))
    return bookings.history(request_id)


def _find_new_appointment(
    bookings: BookingStore, practice: Practice, request: Request, now: datetime
) -> Appointment | None:
    if not (request.attentions and request.has_lost_appointment):
        return None
    from bookings.domain.matching.candidate_ranking import find_new_appointment  # noqa: PLC0415  # few requests lose their appointment

    return find_new_appointment(request, bookings.candidates(practice, request.patient, now))


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
