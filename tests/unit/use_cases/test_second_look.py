"""What the PMS told of just as the front desk said "later": the sweep finds it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet
from bookings.domain.decisions.commands import Watching
from bookings.domain.decisions.watch import RECHECK_DELAY
from bookings.domain.requests.request import Attention, Request, Resolution, Status
from bookings.use_cases.sweep_requests import SweepResult, recheck_watched_requests
from bookings.use_cases.watch_request import dismiss_attention, watch_request
from tests.builders import NOW, a_command_context, a_patient, a_slot, a_stamp, an_event
from tests.fake_queues import FakeWaiting
from tests.unit.use_cases.house import House
from tests.unit.use_cases.test_watch import watch, watched_ids

DUE = NOW + RECHECK_DELAY
MAYBE = {"first_name": "Jane", "last_name": "Doe"}
"""The patient's name, and nothing else of hers."""


def missed(house: House, *, notify: bool = False, told: dict[str, Any] | None = None, **of: Any) -> Request:
    """A request that is watched after the event's function has looked who is, and before it has taken the event in."""
    request = house.request(**of)
    house.bookings.meanwhile = lambda: watch(house, request, notify=notify)
    house.tell(told or an_event())
    after = house.stands(request)
    assert (after.status, after.attention, after.appointment_id) == (Status.PENDING, None, None)
    assert after.watch
    return after


def sweep(house: House, at: datetime = DUE) -> SweepResult:
    stamp = a_stamp("clock", at)
    return recheck_watched_requests(house.practices, house.bookings, FakeWaiting(house.bookings), stamp, lambda: True)


def found(house: House, at: datetime = DUE) -> list[str]:
    """The requests for which the sweep has found something."""
    swept = sweep(house, at)
    assert not swept.failed
    return [name.request_id for name in swept.done]


def test_a_certain_and_unique_match_that_its_event_missed_is_linked() -> None:
    house = House()
    request = missed(house)
    assert found(house, DUE - timedelta(seconds=1)) == []
    assert found(house) == [request.id]
    after = house.stands(request)
    assert (after.status, after.resolution, after.appointment_id) == (Status.ACCEPTED, Resolution.AUTO_LINKED, "A1")
    assert (after.accepted, after.watch) == (house.known("A1").slot, None)
    assert after.decision
    assert after.decision.open_minutes == 2, "counted by both clocks, as every decision"
    assert house.known("A1").request_id == request.id
    assert house.actions(request) == ["submit", "watch", "link"]
    assert watched_ids(house) == found(house) == []


@pytest.mark.parametrize("notify", [True, False])
def test_the_patient_hears_of_it_only_if_the_front_desk_said_so(notify: bool) -> None:
    house = House()
    missed(house, notify=notify)
    sweep(house)
    assert len(house.emails) == notify


def test_a_match_that_nobody_can_be_sure_of_asks_for_attention_once_and_the_wait_goes_on() -> None:
    house = House()
    request = missed(house, told=an_event(patient=MAYBE))
    assert found(house) == [request.id]
    after = house.stands(request)
    assert (after.status, after.attention) == (Status.PENDING, Attention.MATCH_FOUND)
    assert watched_ids(house) == [request.id]
    dismiss_attention(house.practices, house.bookings, a_command_context(after))
    assert found(house, DUE + timedelta(days=1)) == []
    assert house.stands(request).attention is None


def test_what_an_event_has_brought_up_is_not_brought_up_again() -> None:
    house = House()
    request = watch(house, house.request())
    house.tell(an_event(patient=MAYBE))
    dismiss_attention(house.practices, house.bookings, a_command_context(house.stands(request)))
    assert found(house) == []
    assert house.stands(request).attention is None


def test_what_the_front_desk_had_seen_when_it_said_later_is_left_alone() -> None:
    house = House()
    house.tell(an_event(), at=NOW - timedelta(minutes=1))
    request = watch(house, house.request())
    assert found(house) == []
    assert house.stands(request) == request.model_copy(update={"look_again_at": None})
    assert house.actions(request) == ["submit", "watch"]


def test_whoever_decides_meanwhile_has_decided() -> None:
    house = House()
    request = missed(house)
    house.bookings.meanwhile = lambda: house.reject(request)
    assert found(house) == []
    assert house.stands(request).status is Status.REJECTED
    assert house.known("A1").request_id is None


def test_a_decision_is_not_held_up_by_a_look_that_finds_nothing() -> None:
    house = House()
    request = watch(house, house.request())
    sweep(house)
    assert house.reject(request).status is Status.REJECTED


def test_an_appointment_that_changes_meanwhile_is_judged_anew() -> None:
    house = House()
    request = missed(house)
    somebody = {"first_name": "Sam", "last_name": "Strange", "email": "sam@elsewhere.example"}
    house.bookings.meanwhile = lambda: house.tell(an_event(version=2, patient=somebody))
    assert found(house) == []
    after = house.stands(request)
    assert (after.status, after.look_again_at) == (Status.PENDING, None)
    assert house.known("A1").request_id is None


def test_an_appointment_that_moves_meanwhile_is_linked_at_its_new_time() -> None:
    house = House()
    request = missed(house)
    house.bookings.meanwhile = lambda: house.pms_tells(house.known("A1"), slot=a_slot("2026-07-17T10:00"))
    assert found(house) == [request.id]
    assert house.stands(request).accepted == a_slot("2026-07-17T10:00")


def test_a_new_watch_is_looked_at_in_its_own_time() -> None:
    house = House()
    request = missed(house)
    again = NOW + timedelta(minutes=1)
    watch_request(house.practices, house.bookings, a_command_context(request, at=again), Watching(notify=False))
    assert found(house) == []
    assert found(house, again + RECHECK_DELAY) == [], "by then the front desk has seen it"


def test_a_failure_at_one_request_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    other = a_patient(first_name="Ada", last_name="Winterbourne", email="ada@example.com", phone=None)
    broken = watch(house, house.request(patient=other))
    request = missed(house)
    commit = house.bookings.commit

    def failing(change: ChangeSet) -> None:
        if change.request and change.request.after.id == broken.id:
            raise ValueError("broken")
        commit(change)

    monkeypatch.setattr(house.bookings, "commit", failing)
    swept = sweep(house)
    assert [name.request_id for name in swept.done] == [request.id]
    assert [(name.request_id, error) for name, error in swept.failed] == [(broken.id, "ValueError")]
