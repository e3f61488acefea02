"""Whether day sheets are true: busy times derived once more from the appointments, and what differs."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bookings.domain.scheduling.day_sheet import Busy, DaySheet, SheetKey, sheet_keys
from bookings.domain.scheduling.slot import Slot


@dataclass(frozen=True)
class SheetDifference:
    """A sheet as it was read, the busy times it should have and has not, and the ids of those it should not have."""

    sheet: DaySheet
    missing: Mapping[str, Busy]
    orphans: tuple[str, ...]

    @property
    def appointment_ids(self) -> list[str]:
        """The appointments about which the sheet is wrong."""
        return sorted({*self.missing, *self.orphans})


def expected_busy_times(slots: Mapping[str, Slot]) -> dict[SheetKey, dict[str, Busy]]:
    """The busy times of appointments, given by id with the time that each keeps busy."""
    busy: dict[SheetKey, dict[str, Busy]] = {}
    for appointment_id, slot in slots.items():
        for key in sheet_keys(slot):
            time = Busy(start=slot.start, duration_minutes=slot.duration_minutes)
            busy.setdefault(key, {})[appointment_id] = time
    return busy


def find_sheet_differences(
    sheets: Iterable[DaySheet], slots: Mapping[str, Slot], about: Container[str] | None = None
) -> Iterator[SheetDifference]:
    """Where the sheets are wrong. The slots are those of all appointments, or at least of those it is `about`."""
    true = expected_busy_times(slots)
    for sheet in sheets:
        should = true.get(sheet.key, {})
        missing = {name: busy for name, busy in should.items() if not _says(sheet.busy.get(name), busy)}
        orphans = tuple(name for name in sheet.busy if name not in should and (about is None or name in about))
        if missing or orphans:
            yield SheetDifference(sheet, missing, orphans)


def _says(standing: Busy | None, true: Busy) -> bool:
    """Whether the sheet has the true time; since when it has it, no appointment can tell."""
    return standing is not None and standing.slot == true.slot
