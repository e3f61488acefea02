"""Audit day sheets: derive the busy times from the appointments again, and repair sheets that differ."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.domain.practice.practice import Practice
from bookings.domain.scheduling.day_sheet import DaySheet
from bookings.domain.scheduling.day_sheet_audit import SheetDifference, expected_busy_times, find_sheet_differences
from bookings.use_cases.ports import BookingStore, DaySheetRepairStore, PracticeRepository, RoundRobin
from bookings.use_cases.round_robin import PracticeResult, visit_practices

DAYS_AHEAD = 120
"""Days that are audited, because few practices book further ahead. No decision reads past sheets."""


VISIT_SPAN = timedelta(days=3)
"""The last busy time of a visit ends this long after its first one begins, at most.

Its start is at most a day from that of each further practitioner, and nobody is busy for longer than a day.
"""


@dataclass(frozen=True)
class SheetRepair:
    """A sheet that differed. If it was written at the same time, it is not `repaired`; a later audit does that."""

    practice_id: str
    difference: SheetDifference
    repaired: bool


def audit_day_sheets(
    practices: PracticeRepository,
    bookings: BookingStore,
    audit: DaySheetRepairStore,
    round_robin: RoundRobin,
    now: datetime,
    has_time: Callable[[], bool],
) -> Iterator[PracticeResult[SheetRepair]]:
    """Audit practices in turn, starting where the last run stopped, until time or practices run out."""

    def visit(practice: Practice) -> Iterator[SheetRepair]:
        return audit_practice_sheets(bookings, audit, practice, now)

    return visit_practices(practices, round_robin, has_time, visit)


def audit_practice_sheets(
    bookings: BookingStore, audit: DaySheetRepairStore, practice: Practice, now: datetime
) -> Iterator[SheetRepair]:
    """Audit one practice. Yields each sheet that differs, after its repair."""
    first = now.astimezone(practice.zone).date()
    last = first + timedelta(days=DAYS_AHEAD)
    slots = audit.occupied_slots(practice.id, first - VISIT_SPAN, last)
    stored = {sheet.key: sheet for sheet in audit.stored_sheets(practice.id, first, last)}
    not_stored = [DaySheet(key) for key in expected_busy_times(slots) if first <= key.day <= last and key not in stored]
    suspects = list(find_sheet_differences([*stored.values(), *not_stored], slots))
    for difference in _confirmed_differences(bookings, practice, suspects):
        yield SheetRepair(practice.id, difference, audit.repair_sheet(practice.id, difference))


def _confirmed_differences(
    bookings: BookingStore, practice: Practice, suspects: Sequence[SheetDifference]
) -> list[SheetDifference]:
    """The differences that a second, consistent read confirms. It reads the sheets first, then the appointments.

    Every transaction that adds an appointment to a sheet, or removes one, also writes the sheet. If one runs between
    the two reads, the sheet gets a new version and the conditional repair fails. So no repair is wrong.
    """
    if not suspects:
        return []
    appointment_ids = sorted({appointment_id for suspect in suspects for appointment_id in suspect.appointment_ids})
    sheets = bookings.load(practice.id, sheets=[suspect.sheet.key for suspect in suspects]).sheets
    appointments = bookings.appointments(practice.id, appointment_ids)
    slots = {
        appointment_id: appointment.busy_slots
        for appointment_id, appointment in appointments.items()
        if appointment.busy_slots
    }
    return list(find_sheet_differences(sheets.values(), slots, about=set(appointment_ids)))
