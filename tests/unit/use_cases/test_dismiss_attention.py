"""Dismissing the attention of a decided request."""

import pytest

from bookings.domain.kernel.errors import MoveNotAllowed, RevisionStale
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Request, Status
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


def test_dismissing_clears_the_attention_and_nothing_else() -> None:
    harness = PracticeHarness()
    request = called_off_in_the_pms(harness)
    tally = harness.tally()
    after = dismiss_attention(harness.practices, harness.bookings, a_command_context(request))
    assert (after.attention, after.status, after.appointment_id) == (None, Status.ACCEPTED, "A1")
    assert harness.actions(request) == ["submit", "link", "pms_changed", "dismiss"]
    assert harness.tally() == tally


def test_a_repeated_dismissal_gets_the_same_answer() -> None:
    harness = PracticeHarness()
    context = a_command_context(called_off_in_the_pms(harness), idempotency_key=an_idempotency_key())
    first = dismiss_attention(harness.practices, harness.bookings, context)
    assert dismiss_attention(harness.practices, harness.bookings, context) == first


def test_a_request_without_attention_cannot_be_dismissed() -> None:
    harness = PracticeHarness()
    with pytest.raises(MoveNotAllowed):
        dismiss_attention(harness.practices, harness.bookings, a_command_context(harness.request()))


def test_newer_attention_is_not_dismissed_by_an_older_revision() -> None:
    harness = PracticeHarness()
    request = called_off_in_the_pms(harness)
    seen_before = request.model_copy(update={"revision": request.revision - 1})
    with pytest.raises(RevisionStale):
        dismiss_attention(harness.practices, harness.bookings, a_command_context(seen_before))
    assert harness.stored(request).attention is Attention.CANCELLED_IN_PMS


def test_reopening_clears_the_attention() -> None:
    harness = PracticeHarness()
    assert harness.reopen(called_off_in_the_pms(harness)).attention is None
