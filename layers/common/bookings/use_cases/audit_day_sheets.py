"""The audit of day sheets: every practice's, against its appointments, in turns, without an end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.domain.scheduling.conflicts import DaySheet, SheetKey
from bookings.domain.scheduling.day_sheet_audit import SheetDifference, differences, should_be
from bookings.domain.scheduling.slot import Slot
from bookings.domain.seen import Seen
from bookings.use_cases.ports import Practices
from bookings.use_cases.round_robin import Turn, Turns, take_turns

DAYS_AHEAD = 120
"""As far ahead as most practices book; the past decides nothing any more."""


class Diary(Turns, Protocol):
    """Day sheets beside the appointments that they say the times of."""

    def occupied(self, practice_id: str, first_day: date, last_day: date) -> dict[str, Slot]:
        """The times that appointments beginning on these days keep busy, by id; perhaps not the very latest."""

    def written_sheets(self, practice_id: str, first_day: date, last_day: date) -> list[DaySheet]:
        """The sheets of these days that somebody has written on."""

    def see(self, practice_id: str, *, sheets: Sequence[SheetKey] = ()) -> Seen:
        """The sheets as they stand."""

    def appointments(self, practice_id: str, appointment_ids: Sequence[str]) -> dict[str, Appointment]:
        """The appointments as they stand."""

    def mend(self, practice_id: str, difference: SheetDifference) -> bool:
        """Write what is true, if nobody has written on the sheet since it was read."""


@dataclass(frozen=True)
class Mended:
    """A sheet that was wrong, and whether it is right now; if not, somebody was writing on it, and its turn comes."""

    practice_id: str
    difference: SheetDifference
    mended: bool


def audit(practices: Practices, diary: Diary, now: datetime, has_time: Callable[[], bool]) -> Iterator[Turn[Mended]]:
    """Go on where the last audit stopped, until time or practices run out; then the next one begins anew."""
    return take_turns(practices, diary, has_time, lambda practice: audit_practice(diary, practice, now))


def audit_practice(diary: Diary, practice: Practice, now: datetime) -> Iterator[Mended]:
    """One practice's wrong sheets, each of them as soon as it is mended."""
    first = now.astimezone(practice.zone).date()
    last = first + timedelta(days=DAYS_AHEAD)
    slots = diary.occupied(practice.id, first - timedelta(days=1), last)  # one may run past midnight
    written = {sheet.key: sheet for sheet in diary.written_sheets(practice.id, first, last)}
    unwritten = (DaySheet(key) for key in should_be(slots) if first <= key.day <= last and key not in written)
    suspects = list(differences([*written.values(), *unwritten], slots))
    for one in _confirmed(diary, practice, suspects):
        yield Mended(practice.id, one, diary.mend(practice.id, one))


def _confirmed(diary: Diary, practice: Practice, suspects: Sequence[SheetDifference]) -> list[SheetDifference]:
    """Those that are still there on a second look: sheets first, then appointments.

    In this order a difference is a true one, or the sheet has a new version by now and will not be mended: whatever
    makes an appointment enter or leave a sheet writes on the sheet in the same transaction.
    """
    if not suspects:
        return []
    names = sorted({name for one in suspects for name in one.appointment_ids})
    sheets = diary.see(practice.id, sheets=[one.sheet.key for one in suspects]).sheets
    standing: Mapping[str, Appointment] = diary.appointments(practice.id, names)
    slots = {name: one.occupies for name, one in standing.items() if one.occupies}
    return list(differences(sheets.values(), slots, about=set(names)))
