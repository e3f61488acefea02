"""Accepting a request."""

from datetime import timedelta

import pytest

from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.kernel.errors import (
    AlreadyDecided,
    IdempotencyKeyReused,
    Invalid,
    NotFound,
    PmsCannotCreate,
    PossibleMatch,
    RevisionStale,
    ScheduleConflict,
    Unavailable,
)
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import Resolution, Status
from bookings.domain.scheduling.conflicts import ObstacleCode, Verdict
from bookings.use_cases.read_requests import read_request
from tests.support.builders import (
    NOW,
    a_pms,
    a_practice,
    a_service,
    a_slot,
    a_stamp,
    a_stranger,
    an_appointment,
    an_idempotency_key,
    sheet_key,
)
from tests.support.faults import Killed
from tests.support.practice_harness import PracticeHarness

WALL = "2026-07-15T15:00"


def test_a_request_is_accepted_at_another_free_time() -> None:
    """Story 1: the patient asked for 15:00 and gets 14:30 in another chair."""
    harness = PracticeHarness()
    request = harness.request()
    answer = harness.accept(request, start="2026-07-15T14:30:00", chair_id="chr_b", notify=True)
    assert (answer.status, answer.resolution) == (Status.ACCEPTED, Resolution.WITH_CHANGES)
    assert answer.requested == request.requested
    assert answer.accepted == a_slot(
        "2026-07-15T14:30", practitioner_id="prov_a", chair_id="chr_b", service_id="svc_checkup"
    )
    assert harness.stored(request) == answer
    assert harness.actions(request) == ["submit", "accept"]
    assert [email.outbox_id for email in harness.emails] == [answer.outbox_id]
    assert harness.tally() == {
        "received": 1, "status_accepted": 1, "resolution_with_changes": 1, "appointment_booked": 1,
        "decided_within_5m": 1, "decided_open_within_5m": 1,
    }  # fmt: skip


def test_the_appointment_occupies_chair_and_practitioner() -> None:
    harness = PracticeHarness()
    answer = harness.accept(harness.request())
    keys = [sheet_key("2026-07-15", "chair", "chr_a"), sheet_key("2026-07-15", "practitioner", "prov_a")]
    sheets = harness.bookings.load(harness.practice.id, sheets=keys).sheets
    assert [list(sheets[key].busy) for key in keys] == [[answer.appointment_id]] * 2
    assert [(write.kind, write.appointment_id) for write in harness.writes] == [("create", answer.appointment_id)]


def test_accepting_needs_a_pms_that_can_create_appointments() -> None:
    harness = PracticeHarness(a_practice(pms=a_pms(create=False)))
    harness.appointment()
    request = harness.request()
    with pytest.raises(PmsCannotCreate):
        harness.accept(request)
    assert harness.stored(request) == request


def test_a_possible_match_is_refused_and_named() -> None:
    """Story 2."""
    harness = PracticeHarness()
    appointment = harness.appointment()
    request = harness.request()
    with pytest.raises(PossibleMatch) as refused:
        harness.accept(request)
    assert [match.appointment.id for match in refused.value.facts["matches"]] == [appointment.id]
    assert harness.stored(request) == request


def test_a_possible_match_can_be_declared_a_different_appointment() -> None:
    harness = PracticeHarness()
    harness.appointment()
    assert harness.accept(harness.request(), different_appointment=True).status is Status.ACCEPTED


def test_an_appointment_that_another_request_booked_is_a_possible_match() -> None:
    harness = PracticeHarness()
    first = harness.accept(harness.request())
    second = harness.request()
    with pytest.raises(PossibleMatch) as refused:
        harness.accept(second)
    (match,) = refused.value.facts["matches"]
    assert (match.appointment.id, match.appointment.request_id) == (first.appointment_id, first.id)
    assert harness.accept(second, different_appointment=True, chair_id="chr_b", practitioner_id="prov_b").accepted


def test_an_appointment_that_another_request_is_linked_to_is_a_possible_match() -> None:
    harness = PracticeHarness()
    appointment = harness.appointment()
    first, second = harness.request(), harness.request()
    harness.link(first, appointment)
    with pytest.raises(PossibleMatch) as refused:
        harness.accept(second)
    assert [match.appointment.request_id for match in refused.value.facts["matches"]] == [first.id]


def test_a_reopened_acceptance_is_no_possible_match() -> None:
    harness = PracticeHarness()
    harness.reopen(harness.accept(harness.request()))
    assert harness.accept(harness.request()).status is Status.ACCEPTED


def test_auto_link_never_links_the_appointment_of_another_request() -> None:
    harness = PracticeHarness(a_practice(auto_link=True))
    appointment = harness.appointment()
    harness.link(harness.request(), appointment)
    with pytest.raises(PossibleMatch):
        harness.accept(harness.request())


def test_an_appointment_of_another_patient_does_not_matter() -> None:
    harness = PracticeHarness()
    harness.appointment(patient=a_stranger())
    assert harness.accept(harness.request()).status is Status.ACCEPTED


def test_a_conflict_names_the_appointment_and_bookable_openings() -> None:
    harness = PracticeHarness()
    taken = harness.appointment(slot=a_slot(WALL, practitioner_id="prov_a", chair_id="chr_a"), patient=a_stranger())
    request = harness.request()
    with pytest.raises(ScheduleConflict) as refused:
        harness.accept(request)
    (conflict,) = refused.value.facts["conflicts"]
    assert (conflict.code, conflict.appointment_id) == (ObstacleCode.PRACTITIONER_BUSY, taken.id)
    openings = refused.value.facts["openings"]
    assert len(openings) == 5
    assert openings[0].practitioner_id == "prov_a", "the wanted practitioner comes first"
    assert harness.stored(request) == request
    best = openings[0]
    edits = {"start": best.start.isoformat(), "practitioner_id": best.practitioner_id, "chair_id": best.chair_id}
    assert harness.accept(request, **edits).accepted == best


def test_an_override_is_kept_in_history_with_its_reason() -> None:
    harness = PracticeHarness()
    harness.appointment(slot=a_slot(WALL, practitioner_id="prov_a"), patient=a_stranger())
    request = harness.request()
    harness.accept(request, override={"reason": "a filling fell out"})
    last = harness.bookings.history(request.id)[-1]
    decision = last.after["decision"]
    assert isinstance(decision, dict)
    assert decision["override_reason"] == "a filling fell out"


def test_an_override_does_not_cover_a_conflict_that_arises_meanwhile() -> None:
    harness = PracticeHarness()
    asked = a_slot(WALL, practitioner_id="prov_a", chair_id="chr_a")
    request = harness.request(requested=asked)
    harness.appointment(slot=a_slot(WALL, practitioner_id="prov_a"), patient=a_stranger())
    harness.bookings.before_next_commit = lambda: harness.appointment(
        slot=a_slot(WALL, chair_id="chr_a"), patient=a_stranger()
    )
    with pytest.raises(ScheduleConflict) as refused:
        harness.accept(request, override={"reason": "a filling fell out"})
    codes = {conflict.code for conflict in refused.value.facts["conflicts"]}
    assert codes == {ObstacleCode.PRACTITIONER_BUSY, ObstacleCode.CHAIR_BUSY}
    assert harness.stored(request) == request


def test_an_override_is_not_stopped_by_unrelated_changes_of_the_day() -> None:
    harness = PracticeHarness()
    harness.appointment(slot=a_slot(WALL, practitioner_id="prov_a"), patient=a_stranger())
    elsewhere = a_slot("2026-07-15T09:00", practitioner_id="prov_a", chair_id="chr_a")
    harness.bookings.before_next_commit = lambda: harness.appointment(slot=elsewhere, patient=a_stranger())
    assert harness.accept(harness.request(), override={"reason": "a filling fell out"}).status is Status.ACCEPTED


def test_without_a_chair_the_first_free_one_is_assigned() -> None:
    harness = PracticeHarness()
    harness.appointment(slot=a_slot(WALL, chair_id="chr_a"), patient=a_stranger())
    accepted = harness.accept(harness.request()).accepted
    assert accepted
    assert accepted.chair_id == "chr_b"


def test_without_a_free_chair_there_is_a_conflict() -> None:
    harness = PracticeHarness()
    for chair in ("chr_a", "chr_b"):
        harness.appointment(slot=a_slot(WALL, chair_id=chair), patient=a_stranger())
    with pytest.raises(ScheduleConflict):
        harness.accept(harness.request())


def test_what_is_no_longer_offered_is_a_conflict_and_can_be_overridden() -> None:
    harness = PracticeHarness(a_practice(services=(a_service("svc_spring", active=False),)))
    request = harness.request(requested=a_slot(WALL, service_id="svc_spring"))
    fit = read_request(harness.practices, harness.bookings, harness.practice.id, request.id, NOW).fit
    assert fit
    assert fit.verdict is Verdict.CONFLICTS
    with pytest.raises(ScheduleConflict) as refused:
        harness.accept(request)
    (conflict,) = refused.value.facts["conflicts"]
    assert (conflict.code, conflict.resource_id) == (ObstacleCode.NOT_OFFERED, "svc_spring")
    assert harness.accept(request, override={"reason": "promised on the telephone"}).status is Status.ACCEPTED


def test_a_time_outside_the_hours_is_a_conflict() -> None:
    harness = PracticeHarness()
    with pytest.raises(ScheduleConflict) as refused:
        harness.accept(harness.request(), start="2026-07-18T15:00:00")
    assert [conflict.code for conflict in refused.value.facts["conflicts"]] == [ObstacleCode.PRACTICE_CLOSED]


def test_a_past_start_is_refused() -> None:
    harness = PracticeHarness()
    with pytest.raises(Invalid):
        harness.accept(harness.request(), at=NOW + timedelta(days=30))


def test_no_email_is_queued_without_notify() -> None:
    harness = PracticeHarness()
    harness.accept(harness.request(), notify=False)
    assert harness.emails == []


# ---------------------------------------------------------------- access and revisions


def test_an_unknown_request_is_not_found() -> None:
    harness = PracticeHarness()
    with pytest.raises(NotFound):
        harness.accept(harness.request().model_copy(update={"id": "req_other"}))


def test_another_practices_request_is_not_found() -> None:
    harness = PracticeHarness()
    theirs = harness.request(practice_id="prac_other")
    with pytest.raises(NotFound):
        harness.accept(theirs.model_copy(update={"practice_id": harness.practice.id}))


def test_an_unknown_practice_is_not_found() -> None:
    harness = PracticeHarness()
    with pytest.raises(NotFound) as refused:
        harness.accept(harness.request(practice_id="prac_other"))
    assert refused.value.slug == "practice-not-found"


def test_an_older_revision_is_stale() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.reopen(harness.reject(request))
    with pytest.raises(RevisionStale):
        harness.accept(request)


def test_a_decided_request_cannot_be_accepted() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.reject(request)
    with pytest.raises(AlreadyDecided):
        harness.accept(request)


# ---------------------------------------------------------------- concurrent changes


def test_of_two_concurrent_decisions_the_later_is_already_decided() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.bookings.before_next_commit = lambda: harness.reject(request)
    with pytest.raises(AlreadyDecided):
        harness.accept(request, notify=True)
    assert harness.stored(request).status is Status.REJECTED
    assert harness.actions(request) == ["submit", "reject"]
    assert harness.emails == []


def test_a_named_chair_taken_meanwhile_is_a_conflict_with_openings() -> None:
    harness = PracticeHarness()
    request = harness.request()
    other = harness.request(patient=a_stranger(), requested=a_slot(WALL, practitioner_id="prov_b", chair_id="chr_a"))
    harness.bookings.before_next_commit = lambda: harness.accept(other)
    with pytest.raises(ScheduleConflict) as refused:
        harness.accept(request, chair_id="chr_a")
    (conflict,) = refused.value.facts["conflicts"]
    assert (conflict.code, conflict.appointment_id) == (
        ObstacleCode.CHAIR_BUSY, harness.stored(other).appointment_id,
    )  # fmt: skip
    assert refused.value.facts["openings"]
    assert harness.stored(request) == request


def test_without_a_chair_the_next_is_assigned_if_one_is_taken_meanwhile() -> None:
    harness = PracticeHarness()
    request = harness.request()
    other = harness.request(patient=a_stranger(), requested=a_slot(WALL, practitioner_id="prov_b"))
    harness.bookings.before_next_commit = lambda: harness.accept(other)
    accepted = harness.accept(request).accepted
    assert accepted
    assert accepted.chair_id == "chr_b"


def test_unrelated_changes_of_the_day_do_not_stop_a_decision() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.bookings.before_next_commit = lambda: harness.bookings.commit_uninterrupted(
        ChangeSet(
            stamp=a_stamp("agent"),
            action="pms_changed",
            appointment=Edit(
                None,
                an_appointment(
                    practice_id=harness.practice.id,
                    patient=a_stranger(),
                    slot=a_slot("2026-07-15T09:00", practitioner_id="prov_a", chair_id="chr_a"),
                ),
            ),
        )
    )
    assert harness.accept(request).status is Status.ACCEPTED
    assert harness.actions(request) == ["submit", "accept"]


def test_after_too_many_stale_snapshots_a_decision_is_unavailable() -> None:
    harness = PracticeHarness()
    request = harness.request()

    def write_on_the_sheet() -> None:
        harness.appointment(
            patient=a_stranger(), slot=a_slot("2026-07-15T09:00", 15, practitioner_id="prov_a", chair_id="chr_a")
        )

    harness.bookings.before_every_commit = write_on_the_sheet
    with pytest.raises(Unavailable):
        harness.accept(request)
    assert harness.stored(request) == request
    assert harness.actions(request) == ["submit"]


# ---------------------------------------------------------------- repeated calls


def test_a_repeated_call_gets_the_same_answer_and_books_once() -> None:
    harness = PracticeHarness()
    request = harness.request()
    first = harness.accept(request, an_idempotency_key("k"), notify=True)
    assert harness.accept(request, an_idempotency_key("k"), notify=True) == first
    assert harness.actions(request) == ["submit", "accept"]
    assert len(harness.emails) == len(harness.writes) == 1


def test_a_repeated_call_is_answered_even_after_later_changes() -> None:
    harness = PracticeHarness()
    request = harness.request()
    first = harness.accept(request, an_idempotency_key("k"))
    harness.reopen(first)
    assert harness.accept(request, an_idempotency_key("k")) == first


def test_the_same_key_for_another_call_is_refused() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.accept(request, an_idempotency_key("k", b"one"))
    with pytest.raises(IdempotencyKeyReused):
        harness.accept(request, an_idempotency_key("k", b"other"))


def test_a_faster_repetition_gives_both_calls_the_same_answer() -> None:
    harness = PracticeHarness()
    request = harness.request()
    answers = []
    harness.bookings.before_next_commit = lambda: answers.append(harness.accept(request, an_idempotency_key("k")))
    answers.append(harness.accept(request, an_idempotency_key("k")))
    assert answers[0] == answers[1]
    assert harness.actions(request) == ["submit", "accept"]


def test_a_repetition_between_two_reads_is_no_conflict_with_itself() -> None:
    """The request is read as pending, and then its own new appointment is on the sheets."""
    harness = PracticeHarness()
    request = harness.request()
    answers = []
    harness.bookings.after_next_load = lambda: answers.append(harness.accept(request, an_idempotency_key("k")))
    answers.append(harness.accept(request, an_idempotency_key("k")))
    assert answers[0] == answers[1]


def test_a_decision_lost_between_two_reads_is_already_decided() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.bookings.after_next_load = lambda: harness.accept(request, chair_id="chr_a")
    with pytest.raises(AlreadyDecided):
        harness.accept(request, chair_id="chr_a")


def test_a_read_that_misses_the_idempotency_record_is_no_refusal() -> None:
    harness = PracticeHarness()
    request = harness.request()
    first = harness.accept(request, an_idempotency_key("k"))
    harness.bookings.missed_idempotency_records = 1
    assert harness.accept(request, an_idempotency_key("k")) == first


def test_a_lost_response_of_storage_is_found_by_idempotency_record() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.bookings.loses_responses = True
    assert harness.accept(request, an_idempotency_key("k")) == harness.stored(request)
    with pytest.raises(Unavailable):
        harness.reject(harness.request())


def test_a_refusal_stores_no_idempotency_record() -> None:
    harness = PracticeHarness()
    request = harness.request()
    with pytest.raises(ScheduleConflict):
        harness.accept(request, an_idempotency_key("k"), start="2026-07-18T15:00:00")
    assert harness.accept(request, an_idempotency_key("k")).status is Status.ACCEPTED


def test_a_call_killed_before_its_commit_can_be_repeated() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.bookings.is_killed_before_commit = True
    with pytest.raises(Killed):
        harness.accept(request, an_idempotency_key("k"))
    harness.bookings.is_killed_before_commit = False
    assert harness.accept(request, an_idempotency_key("k")).status is Status.ACCEPTED
    assert harness.actions(request) == ["submit", "accept"]


def test_a_call_killed_after_its_commit_gets_its_answer_when_repeated() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.bookings.is_killed_after_commit = True
    with pytest.raises(Killed):
        harness.accept(request, an_idempotency_key("k"), notify=True)
    harness.bookings.is_killed_after_commit = False
    assert harness.accept(request, an_idempotency_key("k"), notify=True) == harness.stored(request)
    assert len(harness.emails) == 1
    with pytest.raises(AlreadyDecided):
        harness.accept(request, notify=True)


def test_reopening_removes_everything_of_the_booking() -> None:
    harness = PracticeHarness()
    request = harness.request()
    before = harness.tally()
    accepted = harness.accept(request)
    harness.reopen(accepted)
    keys = [sheet_key("2026-07-15", "chair", "chr_a"), sheet_key("2026-07-15", "practitioner", "prov_a")]
    sheets = harness.bookings.load(harness.practice.id, sheets=keys).sheets
    assert [dict(sheet.busy) for sheet in sheets.values()] == [{}, {}]
    assert harness.stored_appointment(accepted.appointment_id).status is AppointmentStatus.CANCELLED
    assert harness.tally() == before
