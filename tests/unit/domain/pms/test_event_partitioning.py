"""Which events of a batch may run in parallel."""

from typing import Any

from bookings.domain.kernel.base import Command
from bookings.domain.pms.event_models import EVENT_DATA, Event
from bookings.domain.pms.event_partitioning import ParsedEvent, partition_events
from bookings.domain.requests.appointment import Appointment
from tests.support.builders import an_appointment, an_event


def parsed(*events: dict[str, Any]) -> list[ParsedEvent]:
    def data(event: Event) -> Command:
        return EVENT_DATA[event.type].model_validate(event.data, strict=False)

    read = [Event.model_validate(event) for event in events]
    return [ParsedEvent(place, event, data(event)) for place, event in enumerate(read)]


def partitions(events: list[ParsedEvent], *known: Appointment) -> list[list[int]]:
    return sorted([one.position for one in lane] for lane in partition_events(events, {one.id: one for one in known}))


def on(day: int, chair_id: str = "chr_a", practitioner_id: str | None = None, **data: Any) -> dict[str, Any]:
    return an_event(start=f"2026-07-{day}T09:00:00", chair_id=chair_id, practitioner_id=practitioner_id, **data)


def test_events_on_different_sheets_run_in_parallel() -> None:
    events = parsed(on(15, id="A1"), on(16, id="A2"), on(15, "chr_b", id="A3"))
    assert partitions(events) == [[0], [1], [2]]


def test_events_of_one_appointment_keep_their_order() -> None:
    assert partitions(parsed(on(15, id="A1"), on(16, id="A2"), on(17, id="A1"))) == [[0, 2], [1]]


def test_events_on_the_same_sheet_keep_their_order() -> None:
    assert partitions(parsed(on(15, id="A1"), on(16, id="A2"), on(15, id="A3"))) == [[0, 2], [1]]


def test_the_sheet_that_an_appointment_leaves_counts_too() -> None:
    stored = an_appointment(id="A1")  # on 16 July in chr_b
    assert partitions(parsed(on(15, id="A1"), on(16, "chr_b", id="A2")), stored) == [[0, 1]]


def test_an_event_on_two_partitions_merges_them() -> None:
    events = parsed(on(15, id="A1"), on(15, "chr_b", "prov_b", id="A2"), on(15, "chr_a", "prov_b", id="A3"))
    assert partitions(events) == [[0, 1, 2]]


def test_a_delete_is_partitioned_by_its_appointment_id() -> None:
    assert partitions(parsed(on(15, id="A1"), an_event("appointment.deleted", 2, id="A1"))) == [[0, 1]]
