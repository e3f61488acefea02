"""Receiving events of a PMS agent."""

import json
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.kernel.errors import IdempotencyKeyReused, Unavailable
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import Status
from bookings.entrypoints.webhook import parse_batch
from bookings.use_cases.read_requests import read_request
from bookings.use_cases.receive_pms_events import BatchResult, receive_events
from tests.support.builders import NOW, a_slot, a_stamp, an_appointment, an_event, an_idempotency_key, sheet_key
from tests.support.practice_harness import PracticeHarness


def receive(
    harness: PracticeHarness, *events: dict[str, Any], idempotency_key: IdempotencyKey | None = None
) -> BatchResult:
    return receive_events(
        harness.practices,
        harness.bookings,
        harness.agent,
        events,
        idempotency_key or an_idempotency_key(),
        a_stamp("agent:agt_1"),
    )


def counts(received: BatchResult) -> tuple[int, int, int]:
    return received.accepted, received.ignored, len(received.rejected)


def busy(harness: PracticeHarness, day: str, kind: str = "chair", resource_id: str = "chr_b") -> list[str]:
    key = sheet_key(day, "chair" if kind == "chair" else "practitioner", resource_id)
    return list(harness.bookings.load(harness.practice.id, sheets=[key]).sheets[key].busy)


# ---------------------------------------------------------------- appointments


def test_an_appointment_is_stored_with_its_busy_times() -> None:
    harness = PracticeHarness()
    assert counts(receive(harness, an_event())) == (1, 0, 0)
    assert harness.stored_appointment("A1").slot == a_slot(
        "2026-07-16T09:00", practitioner_id="prov_b", chair_id="chr_b"
    )
    assert busy(harness, "2026-07-16") == busy(harness, "2026-07-16", "practitioner", "prov_b") == ["A1"]


def test_an_appointment_that_moves_leaves_its_old_sheets() -> None:
    harness = PracticeHarness()
    receive(harness, an_event())
    receive(harness, an_event(version=2, start="2026-07-17T09:00:00", chair_id="chr_a"))
    assert busy(harness, "2026-07-16") == []
    assert busy(harness, "2026-07-17", "chair", "chr_a") == ["A1"]


@pytest.mark.parametrize(
    "event", [an_event("appointment.deleted", 2, id="A1"), an_event(version=2, status="cancelled")]
)
def test_a_cancelled_or_deleted_appointment_keeps_nobody_busy(event: dict[str, Any]) -> None:
    harness = PracticeHarness()
    receive(harness, an_event(), event)
    assert busy(harness, "2026-07-16") == []
    assert not harness.stored_appointment("A1").is_active


def test_a_known_version_is_ignored() -> None:
    harness = PracticeHarness()
    receive(harness, an_event(version=5))
    assert counts(receive(harness, an_event(version=5), an_event(version=4, start="2026-07-20T09:00:00"))) == (0, 2, 0)
    assert busy(harness, "2026-07-16") == ["A1"]


def test_two_events_of_one_appointment_in_a_batch_end_in_the_newest() -> None:
    harness = PracticeHarness()
    newest, oldest = an_event(version=3, start="2026-07-20T09:00:00"), an_event(version=1)
    assert counts(receive(harness, newest, oldest)) == (1, 1, 0)
    assert busy(harness, "2026-07-20") == ["A1"]


def test_pms_appointments_may_overlap() -> None:
    """The PMS owns the schedule, so it may book two patients in one chair."""
    harness = PracticeHarness()
    assert counts(receive(harness, an_event(), an_event(id="A2"))) == (2, 0, 0)
    assert sorted(busy(harness, "2026-07-16")) == ["A1", "A2"]


def test_pms_ids_may_contain_any_characters() -> None:
    harness = PracticeHarness()
    odd = "a.b[0]#c:d/é %2F"
    receive(harness, an_event(id=odd))
    assert busy(harness, "2026-07-16") == [odd]
    receive(harness, an_event("appointment.deleted", 2, id=odd))
    assert busy(harness, "2026-07-16") == []


# ---------------------------------------------------------------- contradictions


def test_another_content_of_a_known_version_is_a_contradiction() -> None:
    harness = PracticeHarness()
    receive(harness, an_event(version=5))
    received = receive(harness, an_event("heartbeat", None), an_event(version=5, start="2026-07-20T09:00:00"))
    assert counts(received) == (1, 1, 0)
    assert [(one.index, one.type, one.id) for one in received.contradictions] == [(1, "appointment.upserted", "A1")]
    standing = harness.stored_appointment("A1")
    assert standing.slot == a_slot("2026-07-16T09:00", practitioner_id="prov_b", chair_id="chr_b")
    assert standing.contradiction
    assert standing.contradiction.slot == a_slot("2026-07-20T09:00", practitioner_id="prov_b", chair_id="chr_b")
    assert (busy(harness, "2026-07-16"), busy(harness, "2026-07-20")) == (["A1"], [])


def test_a_delete_with_the_version_of_an_upsert_is_a_contradiction() -> None:
    harness = PracticeHarness()
    receive(harness, an_event(version=5))
    received = receive(harness, an_event("appointment.deleted", 5, id="A1"))
    assert [one.type for one in received.contradictions] == ["appointment.deleted"]
    assert harness.stored_appointment("A1").is_active


def test_a_newer_version_ends_the_contradiction() -> None:
    harness = PracticeHarness()
    receive(harness, an_event(version=5), an_event(version=5, duration_minutes=30), an_event(version=6))
    assert harness.stored_appointment("A1").contradiction is None


def test_a_linked_request_does_not_follow_a_contradiction() -> None:
    harness = PracticeHarness()
    request_id = linked(harness)
    receive(harness, an_event(version=1, status="cancelled"))
    request = harness.bookings.load(harness.practice.id, request_id=request_id).request
    assert request
    assert request.appointment_status is AppointmentStatus.BOOKED
    assert request.attention is None


def test_a_contradiction_about_a_section_is_reported() -> None:
    harness = PracticeHarness()
    a, b = (an_event("chair.upserted", 3, id="chr_x", name=name) for name in ("Chair X", "Chair Y"))
    received = receive(harness, a, b)
    assert [(one.index, one.id) for one in received.contradictions] == [(1, "chr_x")]


# ---------------------------------------------------------------- linked requests


def linked(harness: PracticeHarness) -> str:
    receive(harness, an_event())
    request = harness.request()
    harness.link(request, harness.stored_appointment("A1"))
    return request.id


def test_a_linked_request_follows_a_moved_appointment() -> None:
    harness = PracticeHarness()
    request_id = linked(harness)
    receive(harness, an_event(version=2, start="2026-07-17T10:00:00"))
    request = harness.bookings.load(harness.practice.id, request_id=request_id).request
    assert request
    assert request.accepted == harness.stored_appointment("A1").slot
    assert harness.actions(request) == ["submit", "link", "pms_changed"]
    assert harness.bookings.history(request_id)[-1].by == "agent:agt_1"


def test_a_linked_request_shows_a_cancelled_appointment() -> None:
    harness = PracticeHarness()
    request_id = linked(harness)
    receive(harness, an_event("appointment.deleted", 2, id="A1"))
    request = harness.bookings.load(harness.practice.id, request_id=request_id).request
    assert request
    assert (request.status, request.appointment_status) == (Status.ACCEPTED, AppointmentStatus.CANCELLED)


def test_a_request_linked_during_the_event_follows_it() -> None:
    harness = PracticeHarness()
    receive(harness, an_event())
    request, appointment = harness.request(), harness.stored_appointment("A1")
    harness.bookings.before_next_commit = lambda: harness.link(request, appointment)
    assert counts(receive(harness, an_event(version=2, start="2026-07-17T10:00:00"))) == (1, 0, 0)
    assert harness.stored(request).accepted == harness.stored_appointment("A1").slot
    assert harness.stored_appointment("A1").request_id == request.id


def test_a_request_reopened_during_the_event_does_not_follow() -> None:
    harness = PracticeHarness()
    request_id = linked(harness)
    request = harness.bookings.load(harness.practice.id, request_id=request_id).request
    assert request
    harness.bookings.before_next_commit = lambda: harness.reopen(request)
    assert counts(receive(harness, an_event(version=2, start="2026-07-17T10:00:00"))) == (1, 0, 0)
    assert harness.stored(request).accepted is None
    assert harness.stored_appointment("A1").slot == a_slot(
        "2026-07-17T10:00", practitioner_id="prov_b", chair_id="chr_b"
    )


def test_of_two_concurrent_events_the_newer_is_kept() -> None:
    harness = PracticeHarness()

    def a_newer_one_is_faster() -> None:
        newer = an_appointment(id="A1", practice_id=harness.practice.id, version=9)
        harness.bookings.commit_uninterrupted(
            ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=Edit(None, newer))
        )

    harness.bookings.before_next_commit = a_newer_one_is_faster
    assert counts(receive(harness, an_event(version=5))) == (0, 1, 0)
    assert harness.stored_appointment("A1").version == 9


# ---------------------------------------------------------------- sections of the practice


def test_the_practice_is_built_from_section_events() -> None:
    harness = PracticeHarness()
    received = receive(
        harness,
        an_event("practitioner.upserted", id="prov_c", name="Dr C"),
        an_event("chair.upserted", id="chr_c", name="Chair C"),
        an_event("service.upserted", id="svc_c", name="Crown", duration_minutes=90),
        an_event("hours.replaced", id="prov_c", weekly=[{"weekday": 1, "start": "08:00", "end": "12:00"}]),
    )
    assert counts(received) == (4, 0, 0)
    practice = harness.practices.get(harness.practice.id)
    assert practice
    person, service = practice.practitioner("prov_c"), practice.service("svc_c")
    assert person
    assert person.hours
    assert [hours.weekday for hours in person.hours.weekly] == [1]
    assert practice.chair("chr_c")
    assert service
    assert service.duration_minutes == 90


@pytest.mark.parametrize(("provider", "operatory"), [("provider_id", "operatory_id"), ("provider", "operatory")])
def test_provider_and_operatory_events_are_practitioners_and_chairs(provider: str, operatory: str) -> None:
    harness = PracticeHarness()
    event = an_event(**{provider: "prov_b", operatory: "chr_b"})
    del event["data"]["practitioner_id"], event["data"]["chair_id"]
    people = [an_event(f"{kind}.upserted", id=kind, name=kind.title()) for kind in ("provider", "operatory")]
    assert counts(receive(harness, event, *people)) == (3, 0, 0)
    assert harness.stored_appointment("A1").slot == a_slot(
        "2026-07-16T09:00", practitioner_id="prov_b", chair_id="chr_b"
    )
    practice = harness.practices.get(harness.practice.id)
    assert practice
    assert (practice.names["provider"], practice.names["operatory"]) == ("Provider", "Operatory")
    assert practice.chair("operatory")
    assert practice.practitioner("provider")


def test_a_section_in_both_vocabularies_is_refused() -> None:
    received = receive(PracticeHarness(), an_event(provider_id="prov_a"))
    assert [error["field"] for error in received.rejected[0].errors] == ["data.provider_id"]


def test_an_older_version_of_a_practitioner_is_ignored() -> None:
    harness = PracticeHarness()
    left = an_event("practitioner.upserted", 7, id="prov_a", name="Dr A", active=False)
    assert counts(receive(harness, left)) == (1, 0, 0)
    back = an_event("practitioner.upserted", 6, id="prov_a", name="Dr A")
    assert counts(receive(harness, back)) == (0, 1, 0)
    practice = harness.practices.get(harness.practice.id)
    assert practice
    assert practice.practitioner("prov_a") is None


def test_every_batch_updates_the_agents_activity() -> None:
    harness = PracticeHarness()
    assert counts(receive(harness, an_event("heartbeat", None))) == (1, 0, 0)
    practice = harness.practices.get(harness.practice.id)
    assert practice
    assert practice.pms.synced_at == NOW
    (agent,) = practice.pms.agents
    assert (agent.last_heartbeat_at, agent.last_event_at) == (NOW, None)
    receive(harness, an_event())
    practice = harness.practices.get(harness.practice.id)
    assert practice
    (agent,) = practice.pms.agents
    assert (agent.last_heartbeat_at, agent.last_event_at) == (NOW, NOW)


# ---------------------------------------------------------------- invalid events


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({}, "type"),
        (an_event("appointment.exploded"), "type"),
        (an_event(version=None), "version"),
        (an_event(version="soon"), "version"),
        ({**an_event(), "extra": 1}, "extra"),
        (an_event(duration_minutes="30"), "data.duration_minutes"),
        (an_event(start="2026-07-16"), "data.start"),
        (an_event(start="9999-12-31T23:59:59"), "data.start"),
        (an_event(colour="red"), "data.colour"),
        (an_event(patient={"first_name": "Jane", "shoe_size": 9}), "data.patient.shoe_size"),
        (an_event("heartbeat", None, beat=1), "data.beat"),
        ({"type": "heartbeat", "data": None}, "data"),
        ({"type": 7}, "type"),
    ],
)
def test_an_invalid_event_is_rejected_and_the_others_are_applied(event: dict[str, Any], field: str) -> None:
    harness = PracticeHarness()
    received = receive(harness, event, an_event(id="A2"))
    assert counts(received) == (1, 0, 1)
    (rejected,) = received.rejected
    assert rejected.index == 0
    assert [error["field"] for error in rejected.errors] == [field]
    assert busy(harness, "2026-07-16") == ["A2"]


def test_an_error_does_not_repeat_the_value() -> None:
    received = receive(PracticeHarness(), an_event(patient={"first_name": "Jane", "shoe_size": "Doe"}))
    assert "Doe" not in received.model_dump_json()
    assert "Jane" not in received.model_dump_json()


def test_a_skipped_time_rejects_only_its_event() -> None:
    harness = PracticeHarness(PracticeHarness().practice.model_copy(update={"timezone": "America/Toronto"}))
    received = receive(harness, an_event(start="2027-03-14T02:30:00"), an_event(id="A2"))
    assert counts(received) == (1, 0, 1)


def test_deeply_nested_events_are_rejected() -> None:
    harness = PracticeHarness()
    for depth in [*range(10, 180, 10), *range(180, 210), 1_000, 5_000, 100_000]:
        deep = '{"type": "heartbeat", "data": {"x": ' + "[" * depth + "]" * depth + "}}"
        raw = f'{{"events": [{deep}, {{"type": "heartbeat"}}, {deep}]}}'
        received = receive(harness, *parse_batch(raw.encode()))
        assert counts(received) == (1, 0, 2)
        assert {error["field"] for rejected in received.rejected for error in rejected.errors} <= {
            "data.x",
            "data.x.0.0",
        }


# ---------------------------------------------------------------- repeated deliveries


def test_a_repeated_delivery_gets_the_same_answer() -> None:
    harness = PracticeHarness()
    first = receive(harness, an_event(), an_event("nonsense"), idempotency_key=an_idempotency_key("msg_1"))
    receive(harness, an_event(version=2, start="2026-07-20T09:00:00"))
    assert receive(harness, an_event(), an_event("nonsense"), idempotency_key=an_idempotency_key("msg_1")) == first
    assert busy(harness, "2026-07-20") == ["A1"]


def test_another_batch_with_the_same_id_is_refused() -> None:
    harness = PracticeHarness()
    receive(harness, an_event(), idempotency_key=an_idempotency_key("msg_1", b"one"))
    with pytest.raises(IdempotencyKeyReused):
        receive(harness, an_event(), idempotency_key=an_idempotency_key("msg_1", b"other"))


def test_a_batch_repeated_after_a_kill_ends_in_the_same_state() -> None:
    harness = PracticeHarness()
    batch = [an_event(), an_event(id="A2", start="2026-07-17T09:00:00"), an_event("appointment.deleted", 2, id="A1")]
    writes = iter([False, True])

    def the_power_fails_at_the_second_write() -> None:
        if next(writes, False):
            raise Unavailable

    harness.bookings.before_every_commit = the_power_fails_at_the_second_write
    with pytest.raises(Unavailable):
        receive(harness, *batch, idempotency_key=an_idempotency_key("msg_1"))
    harness.bookings.before_every_commit = None
    assert counts(receive(harness, *batch, idempotency_key=an_idempotency_key("msg_1"))) == (2, 1, 0)
    assert busy(harness, "2026-07-16") == []
    assert busy(harness, "2026-07-17") == ["A2"]


def test_two_concurrent_deliveries_get_the_same_answer() -> None:
    harness = PracticeHarness()
    answers: list[BatchResult] = []
    calls = iter(
        [None, lambda: answers.append(receive(harness, an_event(), idempotency_key=an_idempotency_key("msg_1")))]
    )

    def the_other_finishes_before_ours_is_remembered() -> None:
        happens = next(calls, None)
        if happens:
            happens()

    harness.bookings.before_every_commit = the_other_finishes_before_ours_is_remembered
    answers.append(receive(harness, an_event(), idempotency_key=an_idempotency_key("msg_1")))
    assert answers[0] == answers[1]


def test_too_many_stale_snapshots_make_the_batch_unavailable() -> None:
    harness = PracticeHarness()
    receive(harness, an_event())

    def somebody_else_writes() -> None:
        harness.change_in_pms(harness.stored_appointment("A1"))

    harness.bookings.before_every_commit = somebody_else_writes
    with pytest.raises(Unavailable):
        receive(harness, an_event(version=2))


def test_a_batch_is_parsed_from_its_bytes() -> None:
    harness = PracticeHarness()
    raw = json.dumps({"events": [an_event(), an_event("heartbeat", None)]}).encode()
    assert counts(receive(harness, *parse_batch(raw))) == (2, 0, 0)


# ---------------------------------------------------------------- pending requests


def test_the_fit_of_a_pending_request_follows_events() -> None:
    harness = PracticeHarness()
    request = harness.request(requested=a_slot(practitioner_id="prov_a", chair_id="chr_a", service_id="svc_checkup"))
    fills = {"start": "2026-07-15T15:00:00", "practitioner_id": "prov_a", "chair_id": "chr_a"}

    def verdict() -> tuple[str, set[str | None]]:
        fit = read_request(harness.practices, harness.bookings, harness.practice.id, request.id, NOW).fit
        assert fit
        return fit.verdict, {reason.appointment_id for reason in fit.reasons}

    assert verdict() == ("fits", set())
    receive(harness, an_event(**fills))
    assert verdict() == ("conflicts", {"A1"})
    receive(harness, an_event(version=2, **{**fills, "start": "2026-07-15T09:00:00"}))
    assert verdict() == ("fits", set())
