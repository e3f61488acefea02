"""\"I'll do this later\": watching a request, and auto-link."""

from typing import Any

import pytest

from bookings.domain.decisions.commands import Watching
from bookings.domain.kernel.errors import AlreadyDecided, Invalid, PossibleMatch, RevisionStale
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Request, Resolution, Status
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


def test_a_watched_request_stays_pending_and_names_who_watches_it() -> None:
    harness = PracticeHarness()
    after = watch(harness, harness.request(), notify=True)
    assert after.watch
    assert (after.status, after.watch.notify, after.watch.by) == (Status.PENDING, True, "staff:u1")
    assert watched_ids(harness) == [after.id]
    assert harness.actions(after) == ["submit", "watch"]
    assert harness.emails == []


def test_watching_again_changes_notify() -> None:
    harness = PracticeHarness()
    first = watch(harness, harness.request(), notify=True)
    second = watch(harness, first)
    assert second.watch
    assert second.watch.notify is False


def test_notify_is_refused_for_a_patient_without_an_email_address() -> None:
    harness = PracticeHarness()
    with pytest.raises(Invalid):
        watch(harness, harness.request(patient=a_patient(email=None)), notify=True)


def test_a_decided_request_cannot_be_watched() -> None:
    harness = PracticeHarness()
    request = harness.reject(harness.request())
    with pytest.raises(AlreadyDecided):
        watch(harness, request)


def test_a_watch_needs_the_newest_revision() -> None:
    harness = PracticeHarness()
    request = harness.request()
    watch(harness, request)
    with pytest.raises(RevisionStale):
        watch(harness, request)


@pytest.mark.parametrize("decide", ["reject", "accept"])
def test_a_decision_ends_the_watch(decide: str) -> None:
    harness = PracticeHarness()
    after = getattr(harness, decide)(watch(harness, harness.request()))
    assert after.watch is after.look_again_at is None
    assert watched_ids(harness) == []


def test_a_repeated_watch_gets_the_same_answer() -> None:
    harness = PracticeHarness()
    request, idempotency_key = harness.request(), an_idempotency_key()
    assert watch(harness, request, idempotency_key) == watch(harness, request, idempotency_key)


def test_watching_clears_the_attention() -> None:
    harness = PracticeHarness()
    request = harness.request(attentions=(Attention.MATCH_FOUND,))
    assert watch(harness, request).attention is None


# ---------------------------------------------------------------- auto-link


def linking_by_itself(**fields: Any) -> PracticeHarness:
    return PracticeHarness(a_practice(auto_link=True, **fields))


def test_with_auto_link_accepting_links_a_unique_certain_match() -> None:
    harness = linking_by_itself()
    appointment = harness.appointment()
    after = harness.accept(harness.request(), notify=True)
    assert (after.resolution, after.appointment_id, after.mail) == (Resolution.AUTO_LINKED, appointment.id, "queued")
    assert after.accepted == appointment.slot
    assert after.decision
    assert after.decision.open_minutes == 0, "also measured in working time"
    assert harness.stored_appointment(appointment.id).request_id == after.id


def test_with_edits_a_match_is_not_linked_automatically() -> None:
    harness = linking_by_itself()
    harness.appointment(slot=a_slot("2026-12-16T09:00"))
    with pytest.raises(PossibleMatch):
        harness.accept(harness.request(), start="2026-07-15T14:30:00")


def test_two_certain_matches_are_not_linked_automatically() -> None:
    harness = linking_by_itself()
    for day in (20, 21):
        harness.appointment(id=f"A{day}", slot=a_slot(f"2026-07-{day}T09:00"))
    with pytest.raises(PossibleMatch):
        harness.accept(harness.request())


def test_different_appointment_prevents_auto_link() -> None:
    harness = linking_by_itself()
    harness.appointment(slot=a_slot("2026-07-20T09:00"))
    assert harness.accept(harness.request(), different_appointment=True).resolution is Resolution.AS_REQUESTED


def test_without_auto_link_a_match_is_refused_and_named() -> None:
    harness = PracticeHarness()
    harness.appointment()
    with pytest.raises(PossibleMatch):
        harness.accept(harness.request())
