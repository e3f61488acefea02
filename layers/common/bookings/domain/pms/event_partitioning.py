"""Which events of a batch may be taken in side by side.

Transactions that meet in one item cancel each other, so events of one appointment or one day sheet go one after the
other. A mistake here costs time and nothing else: whoever was overtaken decides again.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bookings.domain.kernel.base import Command
from bookings.domain.pms.event_models import AppointmentData, Event, IdentifiedData
from bookings.domain.requests.appointment import Appointment
from bookings.domain.scheduling.day_sheet import SheetKey, resources_of, sheet_keys
from bookings.domain.scheduling.slot import Slot


class ParsedEvent(NamedTuple):
    """An event that can be read: its place in the batch, itself, and its data."""

    place: int
    event: Event
    data: Command


def partition_events(told: Iterable[ParsedEvent], known: Mapping[str, Appointment]) -> list[list[ParsedEvent]]:
    """Events of appointments in lanes that share neither an appointment nor a day sheet; in order within each."""
    found: list[tuple[set[str | SheetKey], list[ParsedEvent]]] = []
    for one in told:
        places, lane, others = set(_places(one.data, known)), [one], []
        for other in found:
            if places.isdisjoint(other[0]):
                others.append(other)
            else:
                places |= other[0]
                lane += other[1]
        found = [*others, (places, lane)]
    return [sorted(lane, key=lambda one: one.place) for _, lane in found]


def _places(data: Command, known: Mapping[str, Appointment]) -> Iterator[str | SheetKey]:
    """The appointment itself and the sheets it leaves and enters; a written time may be in another zone by hours."""
    if isinstance(data, IdentifiedData):
        yield data.id
        before = known.get(data.id)
        yield from sheet_keys(before.occupies) if before and before.occupies else ()
    if isinstance(data, AppointmentData):
        wanted = Slot.model_validate(data.model_dump(include=set(Slot.model_fields)))
        yield from (SheetKey(data.start.date(), resource) for resource in resources_of(wanted))
