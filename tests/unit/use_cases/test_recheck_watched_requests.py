"""The sweep finds appointments that their events missed because the watch was set at the same moment."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet
from bookings.domain.decisions.commands import Watching
from bookings.domain.decisions.watch import RECHECK_DELAY
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Request, Resolution, Status
from bookings.use_cases.dismiss_attention import dismiss_attention
from bookings.use_cases.sweep_requests import SweepResult, recheck_watched_requests
from bookings.use_cases.watch_request import watch_request
from tests.support.builders import NOW, a_command_context, a_patient, a_slot, a_stamp, an_event
from tests.support.in_memory.due_request_store import InMemoryDueRequestStore
from tests.support.practice_harness import PracticeHarness
from tests.unit.use_cases.test_watch_request import watch, watched_ids

DUE = NOW + RECHECK_DELAY
MAYBE = {"first_name": "Jane", "last_name": "Doe"}
"""The patient's name and nothing else, so that a match is uncertain."""


def missed(
    harness: PracticeHarness, *, notify: bool = False, event: dict[str, Any] | None = None, **of: Any
) -> Request:
    """A request that is watched after the event's function has read the watches and before it stores the event."""
    request = harness.request(**of)
    harness.bookings.before_next_commit = lambda: watch(harness, request, notify=notify)
    harness.receive(event or an_event())
    after = harness.stored(request)
    assert (after.status, after.attention, after.appointment_id) == (Status.PENDING, None, None)
    assert after.watch
    return after


def sweep(harness: PracticeHarness, at: datetime = DUE) -> SweepResult:
    stamp = a_stamp("clock", at)
    return recheck_watched_requests(
        harness.practices, harness.bookings, InMemoryDueRequestStore(harness.bookings), stamp, lambda: True
    )


def found(harness: PracticeHarness, at: datetime = DUE) -> list[str]:
    """The ids of the requests that the sweep changed."""
    swept = sweep(harness, at)
    assert not swept.failed
    return [name.request_id for name in swept.done]


def test_a_unique_certain_match_that_its_event_missed_is_linked() -> None:
    harness = PracticeHarness()
    request = missed(harness)
    assert found(harness, DUE - timedelta(seconds=1)) == []
    assert found(harness) == [request.id]
    after = harness.stored(request)
    assert (after.status, after.resolution, after.appointment_id) == (Status.ACCEPTED, Resolution.AUTO_LINKED, "A1")
    assert (after.accepted, after.watch) == (harness.stored_appointment("A1").slot, None)
    assert after.decision
    assert after.decision.open_minutes == 2, "also measured in working time"
    assert harness.stored_appointment("A1").request_id == request.id
    assert harness.actions(request) == ["submit", "watch", "link"]
    assert watched_ids(harness) == found(harness) == []


@pytest.mark.parametrize("notify", [True, False])
def test_the_patient_gets_an_email_only_if_the_watch_says_so(notify: bool) -> None:
    harness = PracticeHarness()
    missed(harness, notify=notify)
    sweep(harness)
    assert len(harness.emails) == notify


def test_an_uncertain_match_asks_for_attention_once() -> None:
    harness = PracticeHarness()
    request = missed(harness, event=an_event(patient=MAYBE))
    assert found(harness) == [request.id]
    after = harness.stored(request)
    assert (after.status, after.attention) == (Status.PENDING, Attention.MATCH_FOUND)
    assert watched_ids(harness) == [request.id]
    dismiss_attention(harness.practices, harness.bookings, a_command_context(after))
    assert found(harness, DUE + timedelta(days=1)) == []
    assert harness.stored(request).attention is None


def test_a_match_that_an_event_has_flagged_is_not_flagged_again() -> None:
    harness = PracticeHarness()
    request = watch(harness, harness.request())
    harness.receive(an_event(patient=MAYBE))
    dismiss_attention(harness.practices, harness.bookings, a_command_context(harness.stored(request)))
    assert found(harness) == []
    assert harness.stored(request).attention is None


def test_an_appointment_older_than_the_watch_is_ignored() -> None:
    harness = PracticeHarness()
    harness.receive(an_event(), at=NOW - timedelta(minutes=1))
    request = watch(harness, harness.request())
    assert found(harness) == []
    assert harness.stored(request) == request.model_copy(update={"look_again_at": None})
    assert harness.actions(request) == ["submit", "watch"]


def test_a_concurrent_decision_is_not_overwritten() -> None:
    harness = PracticeHarness()
    request = missed(harness)
    harness.bookings.before_next_commit = lambda: harness.reject(request)
    assert found(harness) == []
    assert harness.stored(request).status is Status.REJECTED
    assert harness.stored_appointment("A1").request_id is None


def test_a_recheck_without_a_match_does_not_stop_a_decision() -> None:
    harness = PracticeHarness()
    request = watch(harness, harness.request())
    sweep(harness)
    assert harness.reject(request).status is Status.REJECTED


def test_an_appointment_that_changes_meanwhile_is_compared_again() -> None:
    harness = PracticeHarness()
    request = missed(harness)
    somebody = {"first_name": "Sam", "last_name": "Strange", "email": "sam@elsewhere.example"}
    harness.bookings.before_next_commit = lambda: harness.receive(an_event(version=2, patient=somebody))
    assert found(harness) == []
    after = harness.stored(request)
    assert (after.status, after.look_again_at) == (Status.PENDING, None)
    assert harness.stored_appointment("A1").request_id is None


def test_an_appointment_that_moves_meanwhile_is_linked_at_its_new_time() -> None:
    harness = PracticeHarness()
    request = missed(harness)
    harness.bookings.before_next_commit = lambda: harness.change_in_pms(
        harness.stored_appointment("A1"), slot=a_slot("2026-07-17T10:00")
    )
    assert found(harness) == [request.id]
    assert harness.stored(request).accepted == a_slot("2026-07-17T10:00")


def test_a_new_watch_is_rechecked_after_its_own_delay() -> None:
    harness = PracticeHarness()
    request = missed(harness)
    again = NOW + timedelta(minutes=1)
    watch_request(harness.practices, harness.bookings, a_command_context(request, at=again), Watching(notify=False))
    assert found(harness) == []
    assert found(harness, again + RECHECK_DELAY) == [], "the front desk has dismissed it by then"


def test_a_request_that_fails_does_not_stop_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    harness = PracticeHarness()
    other = a_patient(first_name="Ada", last_name="Winterbourne", email="ada@example.com", phone=None)
    broken = watch(harness, harness.request(patient=other))
    request = missed(harness)
    commit = harness.bookings.commit

    def failing(change: ChangeSet) -> None:
        if change.request and change.request.after.id == broken.id:
            raise ValueError("broken")
        commit(change)

    monkeypatch.setattr(harness.bookings, "commit", failing)
    swept = sweep(harness)
    assert [name.request_id for name in swept.done] == [request.id]
    assert [(name.request_id, error) for name, error in swept.failed] == [(broken.id, "ValueError")]
