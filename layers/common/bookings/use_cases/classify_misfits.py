"""Each decision is classed once it stands, out of the way of whoever made it."""

from bookings.domain.insights.misfit_cause import CLASSIFIED_MOVES, Misfit, classify_misfit
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.scheduling.day_sheet import sheet_keys_on
from bookings.use_cases.optimistic_transaction import get_practice, get_request
from bookings.use_cases.ports import BookingStore, MisfitStore, PracticeRepository


def classify_decision(
    practices: PracticeRepository, bookings: BookingStore, misfits: MisfitStore, entry: HistoryEntry
) -> Misfit | None:
    """Class what this step of a request's history decided; the misfit, if it is one and news. Two reads and a write."""
    if entry.action not in CLASSIFIED_MOVES or entry.practice_id is None:
        return None
    practice = get_practice(practices, entry.practice_id)
    request = get_request(bookings.load(practice.id, request_id=entry.request_id))
    keys = sheet_keys_on(practice, request.requested.days)
    found = classify_misfit(practice, request, entry, bookings.load(practice.id, sheets=keys).sheets)
    return found if found and misfits.save_misfit(found) else None
