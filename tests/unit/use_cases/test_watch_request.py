"""\"I'll do this later\": a request waits for the PMS to bring its appointment."""

from typing import Any

import pytest

from bookings.domain.decisions.commands import Watching
from bookings.domain.kernel.errors import AlreadyDecided, Invalid, PossibleMatch, RevisionStale
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.requests.request import Attention, Request, Resolution, Status
from bookings.use_cases.watch_request import watch_request
from tests.support.builders import a_command_context, a_patient, a_practice, a_slot, an_idempotency_key
from tests.support.practice_harness import PracticeHarness


def watch(
    harness: PracticeHarness, request: Request, idempotency_key: IdempotencyKey | None = None, *, notify: bool = False
) -> Request:
    return watch_request(
        harness.practices,
        harness.bookings,
        a_command_context(request, idempotency_key=idempotency_key),
        Watching(notify=notify),
    )


def watched_ids(harness: PracticeHarness) -> list[str]:
    return [request.id for request in harness.bookings.watched_requests(harness.practice.id)]


def test_a_watched_request_stays_pending_and_says_who_left_it_for_later() -> None:
    harness = PracticeHarness()
    after = watch(harness, harness.request(), notify=True)
    assert after.watch
    assert (after.status, after.watch.notify, after.watch.by) == (Status.PENDING, True, "staff:u1")
    assert watched_ids(harness) == [after.id]
    assert harness.actions(after) == ["submit", "watch"]
    assert harness.emails == []


def test_to_watch_again_is_to_change_ones_mind_about_the_mail() -> None:
    harness = PracticeHarness()
    first = watch(harness, harness.request(), notify=True)
    second = watch(harness, first)
    assert second.watch
    assert second.watch.notify is False


def test_nobody_is_promised_a_mail_without_an_address() -> None:
    harness = PracticeHarness()
    with pytest.raises(Invalid):
        watch(harness, harness.request(patient=a_patient(email=None)), notify=True)


def test_what_is_decided_is_not_watched() -> None:
    harness = PracticeHarness()
    request = harness.reject(harness.request())
    with pytest.raises(AlreadyDecided):
        watch(harness, request)


def test_a_watch_names_the_revision_that_was_seen() -> None:
    harness = PracticeHarness()
    request = harness.request()
    watch(harness, request)
    with pytest.raises(RevisionStale):
        watch(harness, request)


@pytest.mark.parametrize("decide", ["reject", "accept"])
def test_a_decision_ends_the_wait(decide: str) -> None:
    harness = PracticeHarness()
    after = getattr(harness, decide)(watch(harness, harness.request()))
    assert after.watch is after.look_again_at is None
    assert watched_ids(harness) == []


def test_the_same_call_once_more_is_answered_as_the_first() -> None:
    harness = PracticeHarness()
    request, idempotency_key = harness.request(), an_idempotency_key()
    assert watch(harness, request, idempotency_key) == watch(harness, request, idempotency_key)


def test_leaving_it_for_later_is_having_seen_what_came_up() -> None:
    harness = PracticeHarness()
    request = harness.request(attention=Attention.MATCH_FOUND)
    assert watch(harness, request).attention is None


# ---------------------------------------------------------------- a practice that links by itself


def linking_by_itself(**fields: Any) -> PracticeHarness:
    return PracticeHarness(a_practice(auto_link=True, **fields))


def test_accepting_links_a_certain_and_unique_match_where_the_practice_wants_it() -> None:
    harness = linking_by_itself()
    appointment = harness.appointment()
    after = harness.accept(harness.request(), notify=True)
    assert (after.resolution, after.appointment_id, after.mail) == (Resolution.AUTO_LINKED, appointment.id, "queued")
    assert after.accepted == appointment.slot
    assert after.decision
    assert after.decision.open_minutes == 0, "counted by both clocks, as every decision"
    assert harness.stored_appointment(appointment.id).request_id == after.id


def test_who_edits_anything_has_something_else_in_mind_than_the_match() -> None:
    harness = linking_by_itself()
    harness.appointment(slot=a_slot("2026-12-16T09:00"))
    with pytest.raises(PossibleMatch):
        harness.accept(harness.request(), start="2026-07-15T14:30:00")


def test_two_certain_matches_are_left_to_a_person() -> None:
    harness = linking_by_itself()
    for day in (20, 21):
        harness.appointment(id=f"A{day}", slot=a_slot(f"2026-07-{day}T09:00"))
    with pytest.raises(PossibleMatch):
        harness.accept(harness.request())


def test_who_says_that_it_is_another_appointment_is_believed() -> None:
    harness = linking_by_itself()
    harness.appointment(slot=a_slot("2026-07-20T09:00"))
    assert harness.accept(harness.request(), different_appointment=True).resolution is Resolution.AS_REQUESTED


def test_other_practices_are_asked() -> None:
    harness = PracticeHarness()
    harness.appointment()
    with pytest.raises(PossibleMatch):
        harness.accept(harness.request())
