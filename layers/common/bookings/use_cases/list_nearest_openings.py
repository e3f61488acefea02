"""The nearest openings for a request."""

from datetime import datetime

from bookings.domain.scheduling.availability import days_around, nearest_openings, sheet_days
from bookings.domain.scheduling.day_sheet import sheet_keys_on
from bookings.domain.scheduling.slot import Slot
from bookings.use_cases.optimistic_transaction import get_practice, get_request
from bookings.use_cases.ports import BookingStore, PracticeRepository


def list_nearest_openings(
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
    sheets = bookings.load(practice.id, sheets=sheet_keys_on(practice, sheet_days(practice, days))).sheets
    return nearest_openings(practice, wanted, days, sheets, now, limit)
