"""The audit of day sheets: every practice's, against its appointments, in turns, without an end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.domain.scheduling.day_sheet import DaySheet
from bookings.domain.scheduling.day_sheet_audit import SheetDifference, expected_busy_times, find_sheet_differences
from bookings.use_cases.ports import DaySheetAuditStore, PracticeRepository
from bookings.use_cases.round_robin import PracticeResult, visit_practices

DAYS_AHEAD = 120
"""As far ahead as most practices book; the past decides nothing any more."""


@dataclass(frozen=True)
class SheetRepair:
    """A sheet that was wrong, and whether it is right now; if not, somebody was writing on it, and its turn comes."""

    practice_id: str
    difference: SheetDifference
    mended: bool


def audit_day_sheets(
    practices: PracticeRepository, diary: DaySheetAuditStore, now: datetime, has_time: Callable[[], bool]
) -> Iterator[PracticeResult[SheetRepair]]:
    """Go on where the last audit stopped, until time or practices run out; then the next one begins anew."""
    return visit_practices(practices, diary, has_time, lambda practice: audit_practice_sheets(diary, practice, now))


def audit_practice_sheets(diary: DaySheetAuditStore, practice: Practice, now: datetime) -> Iterator[SheetRepair]:
    """One practice's wrong sheets, each of them as soon as it is mended."""
    first = now.astimezone(practice.zone).date()
    last = first + timedelta(days=DAYS_AHEAD)
    slots = diary.occupied(practice.id, first - timedelta(days=1), last)  # one may run past midnight
    written = {sheet.key: sheet for sheet in diary.written_sheets(practice.id, first, last)}
    unconfirmed_creates = (
        DaySheet(key) for key in expected_busy_times(slots) if first <= key.day <= last and key not in written
    )
    suspects = list(find_sheet_differences([*written.values(), *unconfirmed_creates], slots))
    for one in _confirmed(diary, practice, suspects):
        yield SheetRepair(practice.id, one, diary.mend(practice.id, one))


def _confirmed(
    diary: DaySheetAuditStore, practice: Practice, suspects: Sequence[SheetDifference]
) -> list[SheetDifference]:
    """Those that are still there on a second look: sheets first, then appointments.

    In this order a difference is a true one, or the sheet has a new version by now and will not be mended: whatever
    makes an appointment enter or leave a sheet writes on the sheet in the same transaction.
    """
    if not suspects:
        return []
    names = sorted({name for one in suspects for name in one.appointment_ids})
    sheets = diary.load(practice.id, sheets=[one.sheet.key for one in suspects]).sheets
    standing: Mapping[str, Appointment] = diary.appointments(practice.id, names)
    slots = {name: one.occupies for name, one in standing.items() if one.occupies}
    return list(find_sheet_differences(sheets.values(), slots, about=set(names)))
