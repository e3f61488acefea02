"""Partition a batch of events, so that independent appointments can be processed concurrently.

Events that touch the same item run in sequence, because concurrent transactions on one item cancel each other. A wrong
partition only causes retries.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bookings.domain.kernel.base import Command
from bookings.domain.pms.event_models import AppointmentData, Event, IdentifiedData
from bookings.domain.requests.appointment import Appointment
from bookings.domain.scheduling.day_sheet import Resource, SheetKey, busy_times, resources_of
from bookings.domain.scheduling.slot import Slot

_ItemKey = str | SheetKey
"""An item that an event touches: an appointment, by its id, or a day sheet."""


class ParsedEvent(NamedTuple):
    """A valid event: its position in the batch, the event, and its parsed data."""

    position: int
    event: Event
    data: Command


def partition_events(events: Iterable[ParsedEvent], known: Mapping[str, Appointment]) -> list[list[ParsedEvent]]:
    """Partitions that share neither an appointment nor a day sheet. Within each, events keep their order.

    `known` has the stored appointments by id.
    """
    partitions: list[tuple[set[_ItemKey], list[ParsedEvent]]] = []
    for event in events:
        keys, merged = set(_touched_items(event.data, known)), [event]
        separate = []
        for partition in partitions:
            partition_keys, members = partition
            if keys.isdisjoint(partition_keys):
                separate.append(partition)
            else:
                keys |= partition_keys
                merged += members
        partitions = [*separate, (keys, merged)]
    return [sorted(members, key=lambda event: event.position) for _, members in partitions]


def _touched_items(data: Command, known: Mapping[str, Appointment]) -> Iterator[_ItemKey]:
    """The appointment, and the day sheets that it leaves and enters.

    The date is that of the event's own offset. In the practice's zone it can be another one: that only causes retries.
    """
    if isinstance(data, IdentifiedData):
        yield data.id
        before = known.get(data.id)
        yield from busy_times(before.busy_slots) if before else ()
    if isinstance(data, AppointmentData):
        slot = Slot.model_validate(data.model_dump(include=set(Slot.model_fields)))
        yield from (SheetKey(data.start.date(), resource) for resource in resources_of(slot))
        for one in data.also:
            day = (one.start or data.start).date()
            yield SheetKey(day, Resource("practitioner", one.practitioner_id))
