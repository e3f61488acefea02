"""Classify the cause of a misfit after its decision, so that the decision itself does not wait for it."""

from bookings.domain.insights.misfit_cause import CLASSIFIED_MOVES, Misfit, classify_misfit
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.scheduling.day_sheet import sheet_keys_on
from bookings.use_cases.optimistic_transaction import get_practice, get_request
from bookings.use_cases.ports import BookingStore, MisfitStore, PracticeRepository


def classify_decision(
    practices: PracticeRepository, bookings: BookingStore, misfits: MisfitStore, entry: HistoryEntry
) -> Misfit | None:
    """Classify the decision of this history entry, and store the misfit. Two reads and a write.

    Returns None if it is not a misfit, or not a newer one than the stored misfit.
    """
    if entry.action not in CLASSIFIED_MOVES or entry.practice_id is None:
        return None
    practice = get_practice(practices, entry.practice_id)
    request = get_request(bookings.load(practice.id, request_id=entry.request_id))
    keys = sheet_keys_on(practice, request.requested.days)
    misfit = classify_misfit(practice, request, entry, bookings.load(practice.id, sheets=keys).sheets)
    return misfit if misfit and misfits.save_misfit(misfit) else None
