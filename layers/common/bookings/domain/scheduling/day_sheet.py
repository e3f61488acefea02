"""Day sheets: the busy times of one chair or practitioner on one local day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import ZonedDateTime
from bookings.domain.practice.practice import Practice
from bookings.domain.scheduling.slot import Slot

ResourceKind = Literal["chair", "practitioner"]


class Resource(NamedTuple):
    """A chair or a practitioner, which can serve one appointment at a time."""

    kind: ResourceKind
    id: str


class SheetKey(NamedTuple):
    """The key of a day sheet: one resource on one local day."""

    day: date
    resource: Resource


class Busy(Entity):
    """The busy time of one appointment."""

    start: ZonedDateTime
    duration_minutes: int
    since: datetime | None = Field(
        default=None, description="when the appointment took this time; null if not recorded"
    )

    @property
    def slot(self) -> Slot:
        """The busy time as a slot, to compare it with others."""
        return Slot(start=self.start, duration_minutes=self.duration_minutes)


@dataclass(frozen=True)
class DaySheet:
    """One chair's or one practitioner's busy times on one local day, by appointment id.

    `version` guards writes (optimistic concurrency); 0 is a sheet that is not stored yet.
    """

    key: SheetKey
    version: int = 0
    busy: Mapping[str, Busy] = field(default_factory=dict)


Sheets = Mapping[SheetKey, DaySheet]


def resources_of(slot: Slot) -> list[Resource]:
    """The chair and the practitioner of a slot, as far as it has them."""
    resources: list[Resource] = []
    if slot.chair_id:
        resources.append(Resource("chair", slot.chair_id))
    if slot.practitioner_id:
        resources.append(Resource("practitioner", slot.practitioner_id))
    return resources


def sheet_keys(slot: Slot) -> list[SheetKey]:
    """The keys of the day sheets that a slot belongs on."""
    return [SheetKey(day, resource) for day in slot.days for resource in resources_of(slot)]


def busy_times(slots: Iterable[Slot], since: datetime | None = None) -> dict[SheetKey, Busy]:
    """The busy times of one appointment, by the sheet that each belongs on.

    A sheet has one time of an appointment. If a practitioner is on a visit twice, it is the time from the first to the
    last: too much is kept, never too little.
    """
    times: dict[SheetKey, Slot] = {}
    for slot in slots:
        for key in sheet_keys(slot):
            times[key] = _span(times[key], slot) if key in times else slot
    return {
        key: Busy(start=slot.start, duration_minutes=slot.duration_minutes, since=since) for key, slot in times.items()
    }


def _span(one: Slot, other: Slot) -> Slot:
    """The time from the earlier start to the later end."""
    first = min(one, other, key=lambda slot: slot.begins)
    minutes = int((max(one.ends, other.ends) - first.begins).total_seconds()) // 60
    return first.model_copy(update={"duration_minutes": minutes})


def sheet_keys_on(practice: Practice, days: Iterable[date]) -> list[SheetKey]:
    """The keys of the sheets of all active chairs and practitioners on those days."""
    resources = [Resource("chair", chair.id) for chair in practice.chairs if chair.active]
    resources += [Resource("practitioner", person.id) for person in practice.practitioners if person.active]
    return [SheetKey(day, resource) for day in sorted(set(days)) for resource in resources]
