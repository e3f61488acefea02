"""Day sheets: the busy times of one chair or practitioner on one local day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import Zoned
from bookings.domain.practice.practice import Practice
from bookings.domain.scheduling.slot import Slot

ResourceKind = Literal["chair", "practitioner"]


class Resource(NamedTuple):
    """A chair or a practitioner: what an appointment needs for itself."""

    kind: ResourceKind
    id: str


class SheetKey(NamedTuple):
    """One resource on one local day."""

    day: date
    resource: Resource


class Busy(Entity):
    """A stretch that one appointment takes."""

    start: Zoned
    duration_minutes: int
    since: datetime | None = Field(default=None, description="when it came to stand here; None if nobody noted it")

    @property
    def slot(self) -> Slot:
        """The stretch as a slot, to compare it with others."""
        return Slot(start=self.start, duration_minutes=self.duration_minutes)


@dataclass(frozen=True)
class DaySheet:
    """One chair's or one practitioner's busy times on one local day; version 0 is a sheet nobody has written on."""

    key: SheetKey
    version: int = 0
    busy: Mapping[str, Busy] = field(default_factory=dict)


Sheets = Mapping[SheetKey, DaySheet]


def resources_of(slot: Slot) -> list[Resource]:
    """The chair and the practitioner that a slot takes, as far as they are named."""
    wanted: list[Resource] = []
    if slot.chair_id:
        wanted.append(Resource("chair", slot.chair_id))
    if slot.practitioner_id:
        wanted.append(Resource("practitioner", slot.practitioner_id))
    return wanted


def sheet_keys(slot: Slot) -> list[SheetKey]:
    """The day sheets a slot is written on."""
    return [SheetKey(day, resource) for day in slot.days for resource in resources_of(slot)]


def busy_time_on(key: SheetKey, slot: Slot | None, since: datetime) -> Busy | None:
    """What stands on that sheet of an appointment that has taken this slot just now."""
    if slot is None or key not in sheet_keys(slot):
        return None
    return Busy(start=slot.start, duration_minutes=slot.duration_minutes, since=since)


def sheet_keys_on(practice: Practice, days: Iterable[date]) -> list[SheetKey]:
    """Every sheet that a decision about those days could rest on."""
    everything = [Resource("chair", chair.id) for chair in practice.chairs if chair.active]
    everything += [Resource("practitioner", person.id) for person in practice.practitioners if person.active]
    return [SheetKey(day, resource) for day in sorted(set(days)) for resource in everything]
