"""A PMS event links a watched request, or asks for attention."""

from datetime import timedelta
from typing import Any

import pytest

from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Request, Resolution, Status
from tests.support.builders import NOW, an_event
from tests.support.faults import Killed
from tests.support.practice_harness import PracticeHarness
from tests.unit.use_cases.test_receive_pms_events import receive
from tests.unit.use_cases.test_watch_request import watch, watched_ids

MAYBE = {"first_name": "Jane", "last_name": "Doe"}
"""The patient's name and nothing else, so that a match is uncertain."""
DECEMBER = "2026-12-16T09:00:00"


def waiting(harness: PracticeHarness, *, notify: bool = False, **fields: Any) -> Request:
    return watch(harness, harness.request(**fields), notify=notify)


def test_a_unique_certain_match_is_linked_in_its_events_transaction() -> None:
    harness = PracticeHarness()
    request = waiting(harness)
    receive(harness, an_event())
    after = harness.stored(request)
    assert (after.status, after.resolution, after.appointment_id) == (Status.ACCEPTED, Resolution.AUTO_LINKED, "A1")
    assert (after.accepted, after.watch) == (harness.stored_appointment("A1").slot, None)
    assert after.decision
    assert after.decision.open_minutes == 0, "also measured in working time"
    assert harness.stored_appointment("A1").request_id == request.id
    assert harness.actions(request) == ["submit", "watch", "link"]
    assert harness.bookings.history(request.id)[-1].by == "agent:agt_1"
    assert watched_ids(harness) == []


@pytest.mark.parametrize("notify", [True, False])
def test_the_patient_gets_an_email_only_if_the_watch_says_so(notify: bool) -> None:
    harness = PracticeHarness()
    waiting(harness, notify=notify)
    receive(harness, an_event())
    assert len(harness.emails) == notify


def test_a_practice_that_can_only_link_is_served_too() -> None:
    harness = PracticeHarness()
    request = waiting(harness)
    receive(harness, an_event())
    assert harness.stored(request).pms_write == "not_required"


def test_an_uncertain_match_asks_for_attention_and_keeps_the_watch() -> None:
    harness = PracticeHarness()
    request = waiting(harness)
    receive(harness, an_event(patient=MAYBE))
    after = harness.stored(request)
    assert (after.status, after.attention, after.appointment_id) == (Status.PENDING, Attention.MATCH_FOUND, None)
    assert after.watch
    receive(harness, an_event(id="A2", start="2026-07-21T09:00:00"))
    assert harness.stored(request).appointment_id == "A2"


def with_a_recall() -> PracticeHarness:
    """Her visit in December existed when the watch was set."""
    harness = PracticeHarness()
    receive(harness, an_event(start=DECEMBER))
    harness.change_in_pms(harness.stored_appointment("A1"), made_at=NOW - timedelta(days=1))
    return harness


def test_an_appointment_older_than_the_watch_is_never_linked() -> None:
    harness = with_a_recall()
    request = waiting(harness)
    receive(harness, an_event(version=2, start=DECEMBER, chair_id="chr_a"))
    assert harness.stored_appointment("A1").version == 2
    assert harness.stored(request) == request


def test_an_older_appointment_that_moves_asks_for_attention() -> None:
    """The front desk may have moved it for this request, or for another reason."""
    harness = with_a_recall()
    request = waiting(harness)
    receive(harness, an_event(version=2, start="2026-07-20T09:00:00"))
    after = harness.stored(request)
    assert (after.status, after.attention) == (Status.PENDING, Attention.MATCH_FOUND)


def test_a_second_certain_match_prevents_linking() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.appointment(id="A0")
    request = watch(harness, request)
    receive(harness, an_event())
    assert harness.stored(request).attention is Attention.MATCH_FOUND


def test_the_older_of_two_requests_gets_the_appointment() -> None:
    harness = PracticeHarness()
    older, younger = waiting(harness), waiting(harness)
    receive(harness, an_event())
    assert harness.stored(older).appointment_id == "A1"
    assert harness.stored(younger).appointment_id is None


@pytest.mark.parametrize(
    "event",
    [
        an_event(status="cancelled"),
        an_event(start="2026-06-30T09:00:00"),
        an_event(patient={"first_name": "Sam", "last_name": "Strange"}),
    ],
    ids=["cancelled", "past", "somebody else's"],
)
def test_other_events_leave_the_request_pending(event: dict[str, Any]) -> None:
    harness = PracticeHarness()
    request = waiting(harness)
    receive(harness, event)
    assert harness.stored(request) == request


def test_a_concurrent_decision_is_not_overwritten() -> None:
    harness = PracticeHarness()
    request = waiting(harness)
    harness.bookings.before_next_commit = lambda: harness.reject(request)
    receive(harness, an_event())
    assert harness.stored(request).status is Status.REJECTED
    assert harness.stored_appointment("A1").request_id is None


def test_a_repeated_event_links_after_a_kill() -> None:
    harness = PracticeHarness()
    request = waiting(harness)
    harness.bookings.is_killed_before_commit = True
    with pytest.raises(Killed):
        receive(harness, an_event())
    harness.bookings.is_killed_before_commit = False
    receive(harness, an_event())
    assert harness.stored(request).resolution is Resolution.AUTO_LINKED
