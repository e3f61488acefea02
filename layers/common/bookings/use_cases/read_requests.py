"""List the requests of the queue, and read one request with its fit, its patient's other requests and its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.request_query import RequestFilters
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.match_keys import patient_key
from bookings.domain.requests.other_requests import (
    OtherRequest,
    RequestSummary,
    other_requests,
)
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.conflicts import Fit, assess_fit
from bookings.domain.scheduling.day_sheet import Sheets, sheet_keys_on
from bookings.use_cases.optimistic_transaction import get_practice, get_request
from bookings.use_cases.ports import BookingStore, PracticeRepository


@dataclass(frozen=True)
class RequestDetails:
    """A request with what belongs to its state.

    Until it is decided, whether its time fits, and the other requests of its patient. After it has lost its
    appointment, the patient's new one.
    """

    request: Request
    fit: Fit | None = None
    others: tuple[OtherRequest, ...] | None = None
    new_appointment: Appointment | None = None


def list_requests(
    practices: PracticeRepository,
    bookings: BookingStore,
    practice_id: str,
    filters: RequestFilters,
    cursor: str | None,
    now: datetime,
) -> tuple[list[RequestDetails], str | None]:
    """A page of the queue, and the cursor of the next one. One round trip, and one more if requests are pending.

    The other requests of a patient are those of the same page: to search for each patient's would cost more than all
    the rest (docs/adr/0035). Duplicates have the same start, so by start they are next to each other.
    """
    practice = get_practice(practices, practice_id)
    page = bookings.requests(practice, filters, cursor)
    days = {day for request in page.items if is_undecided(request) for day in request.requested.days}
    sheets = bookings.load(practice.id, sheets=sheet_keys_on(practice, days)).sheets if days else {}
    by_patient: dict[str | None, list[Request]] = {}
    for request in page.items:
        by_patient.setdefault(patient_key(request.patient), []).append(request)
    items = [
        to_request_details(practice, request, sheets, by_patient[patient_key(request.patient)], now)
        for request in page.items
    ]
    return items, page.next_cursor


def read_request(
    practices: PracticeRepository, bookings: BookingStore, practice_id: str, request_id: str, now: datetime
) -> RequestDetails:
    """One request. Takes one round trip, and one more if it is pending or has lost its appointment."""
    practice = get_practice(practices, practice_id)
    request = get_request(bookings.load(practice.id, request_id=request_id))
    if not is_undecided(request):
        new_appointment = _find_new_appointment(bookings, practice, request, now)
        return RequestDetails(request, new_appointment=new_appointment)
    snapshot, known = bookings.run_both(
        partial(bookings.load, practice.id, sheets=sheet_keys_on(practice, request.requested.days)),
        partial(bookings.requests_of, practice.id, request.patient),
    )
    return to_request_details(practice, request, snapshot.sheets, known, now)


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


def to_request_details(
    practice: Practice, request: Request, sheets: Sheets, known: Iterable[Request | RequestSummary], now: datetime
) -> RequestDetails:
    """The request with its fit, and those of the known requests that are its patient's; neither once it is decided."""
    if not is_undecided(request):
        return RequestDetails(request)
    fit = assess_fit(practice, request.requested, sheets, now)
    return RequestDetails(request, fit, other_requests(request, known, now))


def is_undecided(request: Request) -> bool:
    """Whether the request waits for a decision, or for the patient's answer to an offer."""
    return request.status in (Status.PENDING, Status.PROPOSED)
