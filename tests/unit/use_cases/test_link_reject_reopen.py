"""Linking, rejecting and reopening a request."""

from datetime import timedelta

import pytest

from bookings.domain.kernel.errors import (
    AlreadyDecided,
    AppointmentCancelled,
    AppointmentTaken,
    IdempotencyKeyReused,
    MoveNotAllowed,
    NotFound,
    RevisionStale,
)
from bookings.domain.outbox.email import EMAIL_SWEEP_DELAY, EmailKind
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import RejectionReason, Resolution, Status
from tests.support.builders import NOW, a_pms, a_practice, a_stranger, an_appointment, an_idempotency_key
from tests.support.faults import Killed
from tests.support.practice_harness import PracticeHarness

# ---------------------------------------------------------------- link


def test_a_linked_request_and_its_email_have_the_appointments_time() -> None:
    """Story 2."""
    harness = PracticeHarness()
    appointment, request = harness.appointment(), harness.request()
    answer = harness.link(request, appointment, notify=True)
    assert (answer.status, answer.resolution, answer.accepted) == (
        Status.ACCEPTED, Resolution.LINKED, appointment.slot,
    )  # fmt: skip
    assert harness.stored(request) == answer
    assert harness.stored_appointment(appointment.id).request_id == request.id
    assert [email.kind for email in harness.emails] == [EmailKind.CONFIRMATION]
    assert harness.writes == []


def test_a_practice_whose_pms_cannot_create_appointments_can_link() -> None:
    """Story 3."""
    harness = PracticeHarness(a_practice(pms=a_pms(create=False)))
    assert harness.link(harness.request(), harness.appointment()).status is Status.ACCEPTED


def test_an_appointment_belongs_to_one_request() -> None:
    harness = PracticeHarness()
    appointment, first, second = harness.appointment(), harness.request(), harness.request()
    harness.link(first, appointment)
    with pytest.raises(AppointmentTaken):
        harness.link(second, appointment)
    assert harness.stored(second) == second


def test_of_two_concurrent_links_the_later_is_appointment_taken() -> None:
    harness = PracticeHarness()
    appointment, first, second = harness.appointment(), harness.request(), harness.request()
    harness.bookings.before_next_commit = lambda: harness.link(first, appointment)
    with pytest.raises(AppointmentTaken):
        harness.link(second, appointment)
    assert harness.stored_appointment(appointment.id).request_id == first.id


def test_an_appointment_cancelled_meanwhile_is_not_linked() -> None:
    harness = PracticeHarness()
    appointment, request = harness.appointment(), harness.request()

    def the_pms_cancels_it() -> None:
        harness.change_in_pms(appointment, status=AppointmentStatus.CANCELLED)

    harness.bookings.before_next_commit = the_pms_cancels_it
    with pytest.raises(AppointmentCancelled):
        harness.link(request, appointment)
    assert harness.stored(request) == request


def test_an_appointment_moved_meanwhile_is_linked_at_its_new_time() -> None:
    harness = PracticeHarness()
    appointment, request = harness.appointment(), harness.request()
    elsewhere = an_appointment().slot
    assert elsewhere
    later = elsewhere.model_copy(update={"duration_minutes": 45})
    harness.bookings.before_next_commit = lambda: harness.change_in_pms(appointment, slot=later)
    assert harness.link(request, appointment).accepted == later


def test_another_practices_appointment_is_not_found() -> None:
    harness = PracticeHarness()
    theirs = harness.appointment(practice_id="prac_other")
    with pytest.raises(NotFound) as refused:
        harness.link(harness.request(), theirs)
    assert refused.value.slug == "appointment-not-found"


def test_linking_twice_with_the_same_key_links_once() -> None:
    harness = PracticeHarness()
    appointment, request = harness.appointment(), harness.request()
    first = harness.link(request, appointment, an_idempotency_key("k"))
    assert harness.link(request, appointment, an_idempotency_key("k")) == first
    assert harness.actions(request) == ["submit", "link"]


def test_a_read_that_misses_the_idempotency_record_is_no_refusal() -> None:
    harness = PracticeHarness()
    appointment, linked, rejected = harness.appointment(), harness.request(), harness.request()
    first, second = (
        harness.link(linked, appointment, an_idempotency_key("l")),
        harness.reject(rejected, idempotency_key=an_idempotency_key("r")),
    )
    third = harness.reopen(first, an_idempotency_key("o"))
    harness.bookings.missed_idempotency_records = 1
    assert harness.link(linked, appointment, an_idempotency_key("l")) == first
    harness.bookings.missed_idempotency_records = 1
    assert harness.reject(rejected, idempotency_key=an_idempotency_key("r")) == second
    harness.bookings.missed_idempotency_records = 1
    assert harness.reopen(first, an_idempotency_key("o")) == third


# ---------------------------------------------------------------- reject


def test_a_rejection_is_counted_by_its_reason() -> None:
    harness = PracticeHarness()
    request = harness.request()
    answer = harness.reject(request, RejectionReason.SPAM)
    assert (answer.status, harness.stored(request)) == (Status.REJECTED, answer)
    assert harness.tally()["reason_spam"] == 1


def test_a_rejection_on_an_old_revision_is_stale() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.reopen(harness.reject(request))
    with pytest.raises(RevisionStale):
        harness.reject(request)


def test_two_concurrent_rejections_count_once() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.bookings.before_next_commit = lambda: harness.reject(request, RejectionReason.SPAM)
    with pytest.raises(AlreadyDecided):
        harness.reject(request, RejectionReason.DUPLICATE)
    assert {column: n for column, n in harness.tally().items() if column.startswith("reason")} == {"reason_spam": 1}


def test_a_repeated_rejection_gets_the_same_answer() -> None:
    harness = PracticeHarness()
    request = harness.request()
    first = harness.reject(request, idempotency_key=an_idempotency_key("k", b"no"))
    assert harness.reject(request, idempotency_key=an_idempotency_key("k", b"no")) == first
    with pytest.raises(IdempotencyKeyReused):
        harness.reject(request, idempotency_key=an_idempotency_key("k", b"spam"))


# ---------------------------------------------------------------- reopen


@pytest.mark.parametrize("way", ["accept", "link", "reject"])
def test_a_reopened_request_is_as_before_the_decision(way: str) -> None:
    """Story 4, with the tally."""
    harness = PracticeHarness()
    request = harness.request()
    before = harness.tally()
    if way == "accept":
        decided = harness.accept(request)
    elif way == "link":
        decided = harness.link(request, harness.appointment())
    else:
        decided = harness.reject(request)
    assert harness.tally() != before
    back = harness.reopen(decided)
    assert back == request.model_copy(update={"revision": 3})
    assert harness.stored(request) == back
    assert harness.tally() == before
    assert harness.actions(request) == ["submit", way, "reopen"]


def test_reopening_a_link_frees_the_appointment_for_another_request() -> None:
    harness = PracticeHarness()
    appointment, first, second = harness.appointment(), harness.request(), harness.request()
    harness.reopen(harness.link(first, appointment))
    assert harness.stored_appointment(appointment.id).is_linkable
    assert harness.link(second, appointment).status is Status.ACCEPTED


def test_reopening_an_acceptance_frees_the_time_for_another_request() -> None:
    harness = PracticeHarness()
    first, second = harness.request(), harness.request()
    harness.reopen(harness.accept(first, chair_id="chr_a"))
    assert harness.accept(second, chair_id="chr_a").status is Status.ACCEPTED
    assert [write.kind for write in harness.writes] == ["create", "create"]


def test_reopening_before_the_claim_queues_no_cancellation() -> None:
    harness = PracticeHarness()
    accepted = harness.accept(harness.request(), notify=True)
    back = harness.reopen(accepted)
    assert [email.kind for email in harness.emails] == [EmailKind.CONFIRMATION]
    assert (back.outbox_id, back.mail) == (None, None)


def test_the_email_of_every_front_desk_decision_is_held_for_the_undo_window() -> None:
    harness = PracticeHarness(a_practice(email_undo_seconds=45))
    until = NOW + timedelta(seconds=45)
    decided = [
        harness.accept(harness.request(), notify=True),
        harness.link(harness.request(patient=a_stranger()), harness.appointment(patient=a_stranger()), notify=True),
        harness.reject(harness.request(), notify=True),
    ]
    assert [request.mail_due_at for request in decided] == [until] * 3
    assert {(email.held_until, email.due_at) for email in harness.emails} == {(until, until + EMAIL_SWEEP_DELAY)}


def test_a_match_that_the_practice_links_automatically_is_held_too() -> None:
    harness = PracticeHarness(a_practice(email_undo_seconds=45, auto_link=True))
    harness.appointment()
    assert harness.accept(harness.request(), notify=True).resolution is Resolution.AUTO_LINKED
    assert [email.held_until for email in harness.emails] == [NOW + timedelta(seconds=45)]


def test_without_an_undo_window_or_an_email_nothing_is_held() -> None:
    harness, silent = (
        PracticeHarness(a_practice(email_undo_seconds=0)),
        PracticeHarness(a_practice(email_undo_seconds=45)),
    )
    assert harness.accept(harness.request(), notify=True).mail_due_at is None
    assert [email.held_until for email in harness.emails] == [None]
    assert silent.accept(silent.request(), notify=False).mail_due_at is None


def test_reopening_frees_an_appointment_as_moved_meanwhile() -> None:
    harness = PracticeHarness()
    appointment, request = harness.appointment(), harness.request()
    linked = harness.link(request, appointment)
    slot = appointment.slot
    assert slot
    moved = slot.model_copy(update={"duration_minutes": 45})
    harness.bookings.before_next_commit = lambda: harness.change_in_pms(
        harness.stored_appointment(appointment.id), slot=moved
    )
    harness.reopen(linked)
    assert (harness.stored_appointment(appointment.id).slot, harness.stored_appointment(appointment.id).request_id) == (
        moved,
        None,
    )


def test_a_pending_request_cannot_be_reopened() -> None:
    harness = PracticeHarness()
    with pytest.raises(MoveNotAllowed):
        harness.reopen(harness.request())


def test_two_concurrent_reopenings_count_once() -> None:
    harness = PracticeHarness()
    request = harness.request()
    accepted = harness.accept(request, notify=True)
    harness.bookings.before_next_commit = lambda: harness.reopen(accepted)
    with pytest.raises(MoveNotAllowed):
        harness.reopen(accepted)
    assert len(harness.emails) == 1
    assert harness.actions(request) == ["submit", "accept", "reopen"]


def test_a_reopening_killed_after_its_commit_gets_its_answer_when_repeated() -> None:
    harness = PracticeHarness()
    request = harness.request()
    accepted = harness.accept(request)
    harness.bookings.is_killed_after_commit = True
    with pytest.raises(Killed):
        harness.reopen(accepted, an_idempotency_key("k"))
    harness.bookings.is_killed_after_commit = False
    assert harness.reopen(accepted, an_idempotency_key("k")) == harness.stored(request)
    assert harness.actions(request) == ["submit", "accept", "reopen"]
