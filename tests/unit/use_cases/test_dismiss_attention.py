"""A decided request that asks for attention once more, and the front desk that has seen it."""

import pytest

from bookings.domain.kernel.errors import MoveNotAllowed, RevisionStale
from bookings.domain.requests.request import Attention, Request, Status
from bookings.use_cases.dismiss_attention import dismiss_attention
from tests.support.builders import a_command_context, an_event, an_idempotency_key
from tests.support.practice_harness import PracticeHarness
from tests.unit.use_cases.test_receive_pms_events import receive


def called_off_in_the_pms(harness: PracticeHarness) -> Request:
    receive(harness, an_event())
    request = harness.request()
    harness.link(request, harness.stored_appointment("A1"))
    receive(harness, an_event(version=2, status="cancelled"))
    return harness.stored(request)


def test_the_front_desk_dismisses_what_it_has_seen_and_nothing_else_moves() -> None:
    harness = PracticeHarness()
    request = called_off_in_the_pms(harness)
    tally = harness.tally()
    after = dismiss_attention(harness.practices, harness.bookings, a_command_context(request))
    assert (after.attention, after.status, after.appointment_id) == (None, Status.ACCEPTED, "A1")
    assert harness.actions(request) == ["submit", "link", "pms_changed", "dismiss"]
    assert harness.tally() == tally


def test_the_same_dismissal_once_more_is_answered_as_the_first() -> None:
    harness = PracticeHarness()
    context = a_command_context(called_off_in_the_pms(harness), idempotency_key=an_idempotency_key())
    first = dismiss_attention(harness.practices, harness.bookings, context)
    assert dismiss_attention(harness.practices, harness.bookings, context) == first


def test_nothing_is_dismissed_where_nothing_asks_for_attention() -> None:
    harness = PracticeHarness()
    with pytest.raises(MoveNotAllowed):
        dismiss_attention(harness.practices, harness.bookings, a_command_context(harness.request()))


def test_what_has_come_up_since_is_not_dismissed_unseen() -> None:
    harness = PracticeHarness()
    request = called_off_in_the_pms(harness)
    seen_before = request.model_copy(update={"revision": request.revision - 1})
    with pytest.raises(RevisionStale):
        dismiss_attention(harness.practices, harness.bookings, a_command_context(seen_before))
    assert harness.stored(request).attention is Attention.CANCELLED_IN_PMS


def test_reopening_settles_it_too() -> None:
    harness = PracticeHarness()
    assert harness.reopen(called_off_in_the_pms(harness)).attention is None
