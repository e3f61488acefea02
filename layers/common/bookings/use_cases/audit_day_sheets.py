"""The audit of day sheets: derive the busy times from the appointments again and repair the sheets that differ."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.domain.practice.practice import Practice
from bookings.domain.scheduling.day_sheet import DaySheet
from bookings.domain.scheduling.day_sheet_audit import SheetDifference, expected_busy_times, find_sheet_differences
from bookings.use_cases.ports import BookingStore, DaySheetAuditStore, PracticeRepository, RoundRobin
from bookings.use_cases.round_robin import PracticeResult, visit_practices

DAYS_AHEAD = 120
"""Most practices book no further ahead. Past sheets are not audited: no decision reads them."""


@dataclass(frozen=True)
class SheetRepair:
    """A sheet that differed, and whether it is repaired; if not, it was being written, and a later audit repairs it."""

    practice_id: str
    difference: SheetDifference
    repaired: bool


def audit_day_sheets(
    practices: PracticeRepository,
    bookings: BookingStore,
    audit: DaySheetAuditStore,
    round_robin: RoundRobin,
    now: datetime,
    has_time: Callable[[], bool],
) -> Iterator[PracticeResult[SheetRepair]]:
    """Audit the practices after the last one, until time or practices run out; then the next run starts over."""

    def visit(practice: Practice) -> Iterator[SheetRepair]:
        return audit_practice_sheets(bookings, audit, practice, now)

    return visit_practices(practices, round_robin, has_time, visit)


def audit_practice_sheets(
    bookings: BookingStore, audit: DaySheetAuditStore, practice: Practice, now: datetime
) -> Iterator[SheetRepair]:
    """One practice's differing sheets, each as soon as it is repaired."""
    first = now.astimezone(practice.zone).date()
    last = first + timedelta(days=DAYS_AHEAD)
    slots = audit.occupied_slots(practice.id, first - timedelta(days=1), last)  # one may run past midnight
    stored = {sheet.key: sheet for sheet in audit.stored_sheets(practice.id, first, last)}
    not_stored = [DaySheet(key) for key in expected_busy_times(slots) if first <= key.day <= last and key not in stored]
    suspects = list(find_sheet_differences([*stored.values(), *not_stored], slots))
    for difference in _confirmed_differences(bookings, practice, suspects):
        yield SheetRepair(practice.id, difference, audit.repair_sheet(practice.id, difference))


def _confirmed_differences(
    bookings: BookingStore, practice: Practice, suspects: Sequence[SheetDifference]
) -> list[SheetDifference]:
    """Those that a second, consistent read confirms: sheets first, then appointments.

    Whatever makes an appointment enter or leave a sheet writes the sheet in the same transaction. So in this order a
    difference is real, or the sheet has a new version by now and the conditional repair fails.
    """
    if not suspects:
        return []
    appointment_ids = sorted({each for suspect in suspects for each in suspect.appointment_ids})
    sheets = bookings.load(practice.id, sheets=[suspect.sheet.key for suspect in suspects]).sheets
    appointments = bookings.appointments(practice.id, appointment_ids)
    slots = {each: one.occupies for each, one in appointments.items() if one.occupies}
    return list(find_sheet_differences(sheets.values(), slots, about=set(appointment_ids)))
