"""PMS writes in storage: when they are due, and that concurrent pulls never lease one twice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from string import ascii_lowercase
from typing import Any

import pytest

from bookings.domain.decisions.commands import Reopening
from bookings.domain.outbox.pms_write import PMS_WRITE_LEASE, PMS_WRITE_TIMEOUT, PmsWrite, create_write_id
from bookings.domain.practice.agent import Agent
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request, Status
from bookings.use_cases import time_out_pms_writes as giving_up
from bookings.use_cases.accept_request import accept_request
from bookings.use_cases.pull_pms_writes import LeasedWrite, pull_pms_writes
from bookings.use_cases.receive_pms_events import BatchResult, receive_events
from bookings.use_cases.reopen_request import reopen_request
from tests.contract.conftest import Stores
from tests.contract.test_races import all_at_once, rounds
from tests.support.builders import (
    NOW,
    a_command_context,
    a_request,
    a_slot,
    a_stamp,
    a_stranger,
    an_acceptance,
    an_agent,
    an_event,
    an_idempotency_key,
    completed,
    failed,
    sheet_key,
)
from tests.support.seeding import submit_requests

SOON = NOW + PMS_WRITE_LEASE
LATER = NOW + PMS_WRITE_TIMEOUT


@dataclass
class Scene:
    """A practice, its front desk and its agent, for one test."""

    stores: Stores
    practice: Practice
    agent: Agent

    @classmethod
    def on(cls, stores: Stores) -> "Scene":
        practice = stores.practice()
        return cls(stores, practice, an_agent(practice))

    def accepted(self, start: str = "2026-07-15T15:00") -> Request:
        request = a_request(
            practice_id=self.practice.id,
            patient=_a_patient_of(start),
            requested=a_slot(start, practitioner_id="prov_a", chair_id="chr_a", service_id="svc_checkup"),
        )
        submit_requests(self.stores.bookings, request)
        return accept_request(self.stores.practices, self.stores.bookings, a_command_context(request), an_acceptance())

    def reopen(self, request: Request) -> Request:
        return reopen_request(self.stores.practices, self.stores.bookings, a_command_context(request), Reopening())

    def pull(self, at: Any = NOW, limit: int = 10) -> list[LeasedWrite]:
        return pull_pms_writes(self.stores.bookings, self.agent, limit, an_idempotency_key(), a_stamp("agent", at))

    def tell(self, *events: dict[str, Any]) -> BatchResult:
        stores = self.stores
        return receive_events(
            stores.practices, stores.bookings, self.agent, events, an_idempotency_key(), a_stamp("agent")
        )

    def write(self, request: Request) -> PmsWrite:
        write_id = create_write_id(request.appointment_id or "")
        (found,) = self.stores.bookings.pms_writes(self.practice.id, [write_id])
        return found

    def stands(self, request: Request) -> Request:
        found = self.stores.bookings.load(self.practice.id, request_id=request.id).request
        assert found
        return found

    def busy(self, day: str, chair_id: str) -> list[str]:
        key = sheet_key(day, "chair", chair_id)
        return list(self.stores.bookings.load(self.practice.id, sheets=[key]).sheets[key].busy)

    def as_written(self, request: Request, **fields: Any) -> dict[str, Any]:
        """The event about the appointment with the PMS's own id."""
        slot = request.accepted
        assert slot
        known = {
            "id": "1001",
            "start": slot.start.replace(tzinfo=None).isoformat(),
            "patient": {"first_name": request.patient.first_name, "last_name": request.patient.last_name},
            "practitioner_id": slot.practitioner_id,
            "chair_id": slot.chair_id,
        }
        return an_event(**{"version": 2, **known, **fields})


def _a_patient_of(start: str) -> Patient:
    """A patient for each time: one who asks twice would be asked "Could this be the same appointment?"."""
    at = datetime.fromisoformat(start)
    born = date(1940 + at.day, 1 + at.hour % 12, 1)
    name = "".join(ascii_lowercase[int(digit)] for digit in f"{at:%d%H}")
    return a_stranger(name).model_copy(update={"last_name": name[::-1], "phone": None, "date_of_birth": born})


@pytest.fixture
def scene(stores: Stores) -> Scene:
    return Scene.on(stores)


def test_due_writes_are_sorted_by_due_time(scene: Scene) -> None:
    requests = [scene.accepted(f"2026-07-{day}T15:00") for day in (15, 16, 17)]
    scene.pull(limit=1)
    due = scene.stores.bookings.due_writes(scene.practice.id, SOON)
    assert {one.request_id for one in due} == {request.id for request in requests}
    assert due[-1].attempts == 1, "the leased write is due again a minute later"
    assert len(scene.stores.bookings.due_writes(scene.practice.id, NOW)) == 2


def test_a_finished_write_is_neither_due_nor_expired(scene: Scene) -> None:
    first, second = scene.accepted(), scene.accepted("2026-07-16T15:00")
    scene.tell(completed(scene.write(first), "1001"), failed(scene.write(second)))
    assert scene.stores.bookings.due_writes(scene.practice.id, LATER) == []
    mine = {scene.write(first).id, scene.write(second).id}
    assert not mine & {one.id for one in scene.stores.bookings.expired_writes(LATER, 10_000)}


def test_an_expired_write_times_out_once(scene: Scene) -> None:
    request = scene.accepted()
    mine = scene.write(request)
    assert mine.id in {one.id for one in scene.stores.bookings.expired_writes(LATER, 10_000)}
    assert mine.id in {
        one.write.id for one in giving_up.time_out_pms_writes(scene.stores.bookings, LATER, lambda: True)
    }
    assert scene.stands(request).pms_write == "timed_out"
    assert mine.id not in {one.id for one in scene.stores.bookings.expired_writes(LATER, 10_000)}


def test_creates_are_unconfirmed_until_completed_or_past(scene: Scene) -> None:
    def unconfirmed_creates(at: Any = NOW) -> set[str]:
        return {one.request_id for one in scene.stores.bookings.unconfirmed_creates(scene.practice.id, at)}

    waiting, lost, done = (scene.accepted(f"2026-07-{day}T15:00") for day in (15, 16, 17))
    scene.tell(failed(scene.write(lost)), completed(scene.write(done), "1001"))
    assert unconfirmed_creates() == {waiting.id, lost.id}
    assert unconfirmed_creates(a_slot("2026-07-16T15:00").begins) == {waiting.id}
    scene.reopen(waiting)
    assert unconfirmed_creates() == {lost.id}


def test_an_alias_leads_to_the_appointment_and_removes_its_busy_time(scene: Scene) -> None:
    request = scene.accepted()
    scene.tell(scene.as_written(request, start="2026-07-15T16:00:00", chair_id="chr_b"))
    assert scene.busy("2026-07-15", "chr_b") == ["1001"]
    scene.tell(completed(scene.write(request), "1001"))
    assert (scene.busy("2026-07-15", "chr_b"), scene.busy("2026-07-15", "chr_a")) == ([request.appointment_id], [])
    found = scene.stores.bookings.appointments(scene.practice.id, ["1001"])["1001"]
    assert (found.id, found.pms_id, found.version) == (request.appointment_id, "1001", 2)
    assert scene.stands(request).accepted == found.slot


def test_a_completion_adds_no_revision_and_no_history(scene: Scene) -> None:
    request = scene.accepted()
    scene.tell(completed(scene.write(request), "1001"))
    after = scene.stands(request)
    assert (after.pms_write, after.revision) == ("complete", request.revision)
    assert [entry.action for entry in scene.stores.bookings.history(request.id)] == ["submit", "accept"]


def test_reopening_a_write_that_was_leased_meanwhile_queues_a_cancel(scene: Scene) -> None:
    request = scene.accepted()
    scene.pull()
    assert scene.reopen(request).status is Status.PENDING
    assert [write.kind for write, _ in scene.pull(SOON)] == ["cancel"]


# ---------------------------------------------------------------- races, on MiniStack only


@rounds
def test_of_ten_concurrent_pulls_each_write_goes_to_one(ministack_stores: Stores, round_number: int) -> None:
    scene = Scene.on(ministack_stores)
    requests = [scene.accepted(f"2026-07-{day}T{hour:02}:00") for day in (15, 16) for hour in (9, 11, 13)]
    answers = all_at_once([partial(scene.pull, NOW, 2)] * 10)
    leased = [write.request_id for answer in answers if isinstance(answer, list) for write, _ in answer]
    assert len(leased) == len(set(leased)), "each write was leased once"
    while more := scene.pull():
        leased += [write.request_id for write, _ in more]
    assert sorted(leased) == sorted(request.id for request in requests)
    assert {scene.write(request).attempts for request in requests} == {1}


@rounds
def test_concurrent_outcome_event_and_reopening_lose_nothing(ministack_stores: Stores, round_number: int) -> None:
    """In any order: at most one appointment, its time busy once, and a cancel if the PMS has what was reopened."""
    scene = Scene.on(ministack_stores)
    request = scene.accepted()
    scene.pull()
    write, event = scene.write(request), scene.as_written(request)
    calls = [
        lambda: scene.tell(completed(write, "1001")),
        lambda: scene.tell(event),
        lambda: scene.reopen(request),
    ]
    all_at_once(calls)
    scene.tell(completed(write, "1001"), event)  # an agent repeats a batch without an answer
    after = scene.stands(request)
    ours = scene.stores.bookings.appointments(scene.practice.id, ["1001"])["1001"]
    assert ours.id == request.appointment_id
    if after.status is Status.ACCEPTED:
        assert (after.pms_write, scene.busy("2026-07-15", "chr_a")) == ("complete", [request.appointment_id])
    else:
        assert scene.busy("2026-07-15", "chr_a") == []
        ((cancel, appointment),) = scene.pull(NOW + timedelta(minutes=2))
        assert (cancel.kind, appointment.pms_id) == ("cancel", "1001")
