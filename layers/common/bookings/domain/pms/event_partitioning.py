"""Which events of a batch may be taken in side by side.

Transactions that meet in one item cancel each other, so events of one appointment or one day sheet go one after the
other. A mistake here costs time and nothing else: whoever was overtaken decides again.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bookings.domain.kernel.base import Command
from bookings.domain.pms.event_models import AppointmentData, Event, Named
from bookings.domain.requests.appointment import Appointment
from bookings.domain.scheduling.conflicts import SheetKey, resources, sheet_keys
from bookings.domain.scheduling.slot import Slot


class Told(NamedTuple):
    """An event that can be read: its place in the batch, itself, and its data."""

    place: int
    event: Event
    data: Command


def lanes(told: Iterable[Told], known: Mapping[str, Appointment]) -> list[list[Told]]:
    """Events of appointments in lanes that share neither an appointment nor a day sheet; in order within each."""
    found: list[tuple[set[str | SheetKey], list[Told]]] = []
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
    if isinstance(data, Named):
        yield data.id
        before = known.get(data.id)
        yield from sheet_keys(before.occupies) if before and before.occupies else ()
    if isinstance(data, AppointmentData):
        wanted = Slot.model_validate(data.model_dump(include=set(Slot.model_fields)))
        yield from (SheetKey(data.start.date(), resource) for resource in resources(wanted))
