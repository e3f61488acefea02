"""List the free times of a practice for the booking page."""

from datetime import date, datetime, time, timedelta

from bookings.domain.decisions.checks import check_ids_exist
from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.wall_time import combine
from bookings.domain.scheduling.availability import nearest_openings, sheet_days
from bookings.domain.scheduling.day_sheet import sheet_keys_on
from bookings.domain.scheduling.slot import Slot
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.ports import BookingStore, PracticeRepository

MAX_OPENING_DAYS = 14
"""Days that one call returns at most, counted from the first one that is not in the past."""


def list_public_openings(
    practices: PracticeRepository,
    bookings: BookingStore,
    practice_id: str,
    service_id: str,
    first_day: date,
    last_day: date,
    now: datetime,
    practitioner_id: str | None = None,
) -> list[Slot]:
    """All openings for the service on these days, in order of time; with a practitioner id, only theirs.

    Raises Invalid for unknown ids, and if the last day is before the first one.
    """
    if last_day < first_day:
        raise Invalid.field("to", "must be on or after `from`")
    practice = get_practice(practices, practice_id)
    service = practice.service(service_id)
    if service is None:
        raise Invalid.field("service_id", "does not exist at this practice")
    check_ids_exist(practice, practitioner_id, None, None, prefix="")
    first_day = max(first_day, now.astimezone(practice.zone).date())
    count = min((last_day - first_day).days + 1, MAX_OPENING_DAYS)
    days = [first_day + timedelta(days=offset) for offset in range(count)]
    wanted = Slot(
        start=combine(first_day, time.min, practice.zone),
        duration_minutes=service.duration_minutes,
        practitioner_id=practitioner_id,
        service_id=service.id,
    )
    sheets = bookings.load(practice.id, sheets=sheet_keys_on(practice, sheet_days(practice, days))).sheets
    openings = nearest_openings(practice, wanted, days, sheets, now)
    return [opening for opening in openings if practitioner_id in (None, opening.practitioner_id)]
