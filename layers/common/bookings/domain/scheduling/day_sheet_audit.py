"""Day-sheet audit: recompute busy times from the appointments and compare them with the day sheets."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bookings.domain.scheduling.day_sheet import Busy, DaySheet, SheetKey, busy_times
from bookings.domain.scheduling.slot import Slot


@dataclass(frozen=True)
class SheetDifference:
    """A wrong sheet: the busy times that are missing or differ, and the appointment ids that should not be on it."""

    sheet: DaySheet
    missing: Mapping[str, Busy]
    orphans: tuple[str, ...]

    @property
    def appointment_ids(self) -> list[str]:
        """The appointments whose busy times are wrong on the sheet."""
        return sorted({*self.missing, *self.orphans})


def expected_busy_times(slots: Mapping[str, Sequence[Slot]]) -> dict[SheetKey, dict[str, Busy]]:
    """The busy times that follow from the appointments; `slots` are their busy slots by appointment id."""
    expected: dict[SheetKey, dict[str, Busy]] = {}
    for appointment_id, occupied in slots.items():
        for key, busy in busy_times(occupied).items():
            expected.setdefault(key, {})[appointment_id] = busy
    return expected


def find_sheet_differences(
    sheets: Iterable[DaySheet], slots: Mapping[str, Sequence[Slot]], about: Container[str] | None = None
) -> Iterator[SheetDifference]:
    """The sheets that are wrong, with what differs.

    `slots` has the busy slots of all appointments. If `about` is given, `slots` needs only the appointments with these
    ids, and no others are reported as orphans.
    """
    expected_by_key = expected_busy_times(slots)
    for sheet in sheets:
        expected = expected_by_key.get(sheet.key, {})
        missing = {
            appointment_id: busy
            for appointment_id, busy in expected.items()
            if not _is_same_time(sheet.busy.get(appointment_id), busy)
        }
        orphans = tuple(
            appointment_id
            for appointment_id in sheet.busy
            if appointment_id not in expected and (about is None or appointment_id in about)
        )
        if missing or orphans:
            yield SheetDifference(sheet, missing, orphans)


def _is_same_time(stored: Busy | None, expected: Busy) -> bool:
    """Whether the times are equal. `since` is not compared: it cannot be recomputed from the appointment."""
    return stored is not None and stored.slot == expected.slot
