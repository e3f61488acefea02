"""The decisions of the front desk."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet, new_history_entry
from bookings.domain.decisions.accept import accept, slot_with_edits
from bookings.domain.decisions.checks import check_can_create, check_decidable, check_no_match
from bookings.domain.decisions.close import reject, withdraw
from bookings.domain.decisions.decision_change_set import add_undo_window
from bookings.domain.decisions.follow_email import record_claim
from bookings.domain.decisions.link import link
from bookings.domain.decisions.reopen import reopen
from bookings.domain.kernel.errors import (
    AlreadyDecided,
    AppointmentCancelled,
    AppointmentTaken,
    Invalid,
    NotFound,
    PmsCannotCreate,
    PossibleMatch,
    RevisionStale,
    ScheduleConflict,
)
from bookings.domain.matching.match import Grade, Match
from bookings.domain.outbox.email import EmailKind
from bookings.domain.outbox.pms_write import create_write_id
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.last_notification import LastNotification, NotificationKind
from bookings.domain.requests.request import Move, RejectionReason, Request, Resolution, Status
from bookings.domain.scheduling.day_sheet import Sheets
from bookings.domain.scheduling.slot import Slot
from tests.support.builders import (
    COLLEAGUE,
    NOW,
    a_linking,
    a_patient,
    a_pms,
    a_practice,
    a_rejection,
    a_request,
    a_service,
    a_slot,
    a_stamp,
    an_acceptance,
    an_appointment,
    sheet_key,
    sheets_with,
)


def accepted(
    request: Request | None = None,
    *,
    practice: Practice | None = None,
    wanted: Slot | None = None,
    sheets: Sheets | None = None,
    **edits: Any,
) -> ChangeSet:
    practice, request = practice or a_practice(), request or a_request()
    acceptance = an_acceptance(**edits)
    wanted = wanted or slot_with_edits(practice, request, acceptance)
    return accept(practice, request, wanted, acceptance, sheets or {}, a_stamp())


def wrong_field(refusal: "pytest.ExceptionInfo[Invalid]") -> str:
    (error,) = refusal.value.facts["errors"]
    return str(error["field"])


# ---------------------------------------------------------------- checks


def test_a_decision_needs_the_newest_revision() -> None:
    check_decidable(a_request(revision=3), Move.ACCEPT, {3})
    with pytest.raises(RevisionStale) as refused:
        check_decidable(a_request(revision=3), Move.ACCEPT, {2})
    assert refused.value.facts["revision"] == 3


def test_already_decided_is_reported_before_a_stale_revision() -> None:
    decided = reject(a_request(), a_rejection(), a_stamp()).request_after
    with pytest.raises(AlreadyDecided):
        check_decidable(decided, Move.ACCEPT, {1})


def test_already_decided_names_who_decided() -> None:
    stamp, start = a_stamp(by_name=COLLEAGUE), a_slot()
    appointment = an_appointment(origin="pms")
    for change in (
        accept(a_practice(), a_request(), start, an_acceptance(), {}, stamp),
        link(a_request(), appointment, a_linking(appointment), stamp),
        reject(a_request(), a_rejection(), stamp),
    ):
        assert change.request
        assert change.request_after.decision
        assert change.request_after.decision.by_name == COLLEAGUE
        assert new_history_entry(change, change.request).by_name == COLLEAGUE


def test_accepting_needs_a_pms_that_can_create_appointments() -> None:
    check_can_create(a_practice())
    with pytest.raises(PmsCannotCreate):
        check_can_create(a_practice(pms=a_pms(create=False)))


def test_a_possible_match_refuses_accepting_and_is_named() -> None:
    check_no_match([])
    matches = [Match(appointment=an_appointment(), grade=Grade.POSSIBLE, score=0.5, reasons=())]
    with pytest.raises(PossibleMatch) as refused:
        check_no_match(matches)
    assert refused.value.facts["matches"] == matches


# ---------------------------------------------------------------- edits


def edited(request: Request, **edits: Any) -> Slot:
    return slot_with_edits(a_practice(), request, an_acceptance(**edits))


def test_parts_without_an_edit_stay_as_requested() -> None:
    request = a_request()
    assert edited(request) == request.requested
    moved = edited(request, start="2026-07-15T14:30:00")
    assert moved == a_slot("2026-07-15T14:30", practitioner_id="prov_a", service_id="svc_checkup")


def test_every_part_of_the_slot_can_be_edited() -> None:
    slot = edited(
        a_request(),
        start="2026-07-16T09:00:00-07:00",
        duration_minutes=45,
        practitioner_id="prov_b",
        chair_id="chr_b",
        service_id="svc_cleaning",
    )
    assert slot == a_slot("2026-07-16T09:00", 45, practitioner_id="prov_b", chair_id="chr_b", service_id="svc_cleaning")


def test_another_service_sets_its_own_duration() -> None:
    assert edited(a_request(), service_id="svc_cleaning").duration_minutes == 30
    assert edited(a_request(requested=a_slot(minutes=75)), chair_id="chr_a").duration_minutes == 75


@pytest.mark.parametrize("field", ["practitioner_id", "chair_id", "service_id"])
def test_an_id_that_the_practice_does_not_have_is_refused(field: str) -> None:
    with pytest.raises(Invalid) as refused:
        edited(a_request(), **{field: "none_such"})
    assert wrong_field(refused) == field


def test_an_inactive_service_is_refused() -> None:
    practice = a_practice(services=(a_service("svc_old", active=False),))
    with pytest.raises(Invalid):
        slot_with_edits(practice, a_request(), an_acceptance(service_id="svc_old"))


# ---------------------------------------------------------------- accepting


def test_accepting_without_edits_is_accepted_as_requested() -> None:
    request = a_request()
    after = accepted(request).request_after
    assert (after.status, after.resolution, after.revision) == (Status.ACCEPTED, Resolution.AS_REQUESTED, 2)
    assert after.requested == request.requested
    assert after.accepted == a_slot(practitioner_id="prov_a", chair_id="chr_a", service_id="svc_checkup")


def test_assigning_a_practitioner_where_any_was_asked_for_is_no_edit() -> None:
    assert accepted(a_request(requested=a_slot())).request_after.resolution is Resolution.AS_REQUESTED


@pytest.mark.parametrize(
    "edits",
    [
        {"start": "2026-07-15T14:30:00"},
        {"duration_minutes": 45},
        {"practitioner_id": "prov_b"},
        {"chair_id": "chr_b"},
        {"service_id": "svc_cleaning", "duration_minutes": 60},
    ],
)
def test_any_edit_makes_it_accepted_with_changes(edits: dict[str, Any]) -> None:
    request = a_request(requested=a_slot(practitioner_id="prov_a", chair_id="chr_a", service_id="svc_checkup"))
    after = accepted(request, **edits).request_after
    assert after.resolution is Resolution.WITH_CHANGES
    assert after.requested == request.requested


def test_accepting_creates_an_appointment_and_a_pms_write() -> None:
    change = accepted()
    assert change.appointment
    appointment = change.appointment.after
    assert change.appointment.before is None
    assert (appointment.slot, appointment.request_id) == (change.request_after.accepted, change.request_after.id)
    assert (appointment.origin, appointment.status) == ("chairlink", AppointmentStatus.BOOKED)
    assert change.request_after.appointment_id == appointment.id
    (write,) = (edit.after for edit in change.pms_writes)
    assert (write.kind, write.id, write.appointment_id) == ("create", create_write_id(appointment.id), appointment.id)
    assert change.request_after.pms_write == "queued"


def test_accepting_checks_the_versions_of_chair_and_practitioner_sheets() -> None:
    morning = an_appointment(slot=a_slot("2026-07-15T09:00", practitioner_id="prov_a", chair_id="chr_a"))
    sheets = sheets_with(morning)
    change = accepted(sheets=sheets, chair_id="chr_a")
    assert {sheet.key: sheet.version for sheet in change.checked_sheets} == {
        sheet_key("2026-07-15", "chair", "chr_a"): 1,
        sheet_key("2026-07-15", "practitioner", "prov_a"): 1,
    }


def test_accepting_checks_that_an_unwritten_sheet_is_still_empty() -> None:
    assert [sheet.version for sheet in accepted(chair_id="chr_a").checked_sheets] == [0, 0]


def test_a_conflict_names_the_obstacles_and_changes_nothing() -> None:
    taken = an_appointment(slot=a_slot("2026-07-15T15:30", practitioner_id="prov_a"))
    with pytest.raises(ScheduleConflict) as refused:
        accepted(sheets=sheets_with(taken))
    assert [one.appointment_id for one in refused.value.facts["conflicts"]] == [taken.id]


def test_an_override_books_in_spite_of_a_conflict_and_keeps_its_reason() -> None:
    taken = an_appointment(slot=a_slot("2026-07-15T15:30", practitioner_id="prov_a"))
    after = accepted(sheets=sheets_with(taken), override={"reason": "emergency"}).request_after
    assert after.decision
    assert after.decision.override_reason == "emergency"
    assert after.status is Status.ACCEPTED


def test_an_override_without_a_conflict_keeps_no_reason() -> None:
    after = accepted(override={"reason": "emergency"}).request_after
    assert after.decision
    assert after.decision.override_reason is None


def test_stale_pms_data_is_a_conflict_that_can_be_overridden() -> None:
    stale = a_practice(pms=a_pms(freshness_limit_minutes=5))
    with pytest.raises(ScheduleConflict):
        accepted(practice=stale)
    assert accepted(practice=stale, override={"reason": "I looked it up"}).request_after.status is Status.ACCEPTED


def test_an_override_cannot_book_in_the_past() -> None:
    request = a_request(requested=a_slot("2026-07-01T10:00"))
    with pytest.raises(Invalid) as refused:
        accepted(request, override={"reason": "please"})
    assert wrong_field(refused) == "start"


# ---------------------------------------------------------------- e-mails


def test_a_confirmation_is_queued_only_with_notify() -> None:
    with_email, without_email = accepted(notify=True), accepted(notify=False)
    assert with_email.email
    assert with_email.email.kind is EmailKind.CONFIRMATION
    assert (with_email.request_after.outbox_id, with_email.request_after.mail) == (with_email.email.outbox_id, "queued")
    assert with_email.email.revision == with_email.request_after.revision
    assert (without_email.email, without_email.request_after.outbox_id, without_email.request_after.mail) == (
        None,
        None,
        None,
    )


def test_an_outbox_email_contains_no_personal_data() -> None:
    change = accepted(notify=True)
    assert change.email
    written = change.email.model_dump_json()
    assert not any(word in written for word in ("Jane", "Doe", "jane@example.com", "+1604", "1990-04-02"))


def test_notify_is_refused_for_a_patient_without_an_email_address() -> None:
    silent = a_request(patient=a_patient(email=None))
    with pytest.raises(Invalid) as refused:
        accepted(silent, notify=True)
    assert wrong_field(refused) == "notify"
    assert accepted(silent, notify=False).request_after.status is Status.ACCEPTED


# ---------------------------------------------------------------- linking


def test_linking_takes_the_appointments_time_and_writes_nothing_to_the_pms() -> None:
    appointment = an_appointment()
    change = link(a_request(), appointment, a_linking(appointment, notify=True), a_stamp())
    after = change.request_after
    assert (after.status, after.resolution) == (Status.ACCEPTED, Resolution.LINKED)
    assert (after.accepted, after.appointment_id) == (appointment.slot, appointment.id)
    assert (after.pms_write, change.pms_writes) == ("not_required", ())
    assert change.email
    assert change.email.kind is EmailKind.CONFIRMATION
    assert change.appointment
    assert change.appointment.before == appointment
    assert change.appointment.after.request_id == after.id


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"status": AppointmentStatus.CANCELLED}, AppointmentCancelled),
        ({"deleted": True, "slot": None, "patient": None}, AppointmentCancelled),
        ({"request_id": "req_other"}, AppointmentTaken),
    ],
)
def test_a_cancelled_or_linked_appointment_cannot_be_linked(
    changes: dict[str, object], refusal: type[Exception]
) -> None:
    appointment = an_appointment(**changes)
    with pytest.raises(refusal):
        link(a_request(), appointment, a_linking(appointment), a_stamp())


def test_an_unknown_appointment_cannot_be_linked() -> None:
    with pytest.raises(NotFound) as refused:
        link(a_request(), None, a_linking(an_appointment()), a_stamp())
    assert refused.value.slug == "appointment-not-found"


# ---------------------------------------------------------------- rejecting, withdrawing


def test_a_rejection_keeps_its_reason_and_note() -> None:
    rejection = a_rejection(RejectionReason.OTHER, note="moved away", notify=True)
    change = reject(a_request(), rejection, a_stamp())
    decision = change.request_after.decision
    assert decision
    assert (change.request_after.status, decision.reason, decision.note) == (Status.REJECTED, "other", "moved away")
    assert change.email
    assert change.email.kind is EmailKind.REJECTION
    assert change.appointment is None


def test_a_withdrawal_sends_no_email() -> None:
    change = withdraw(a_request(), a_stamp("patient"))
    assert (change.request_after.status, change.email) == (Status.CANCELLED, None)
    assert change.request_after.decision
    assert change.request_after.decision.by == "patient"


# ---------------------------------------------------------------- reopening


def reopened(change: ChangeSet) -> ChangeSet:
    return reopen(change.request_after, change.appointment.after if change.appointment else None, a_stamp())


def test_reopening_resets_every_field_of_the_decision() -> None:
    request = a_request()
    back = reopened(accepted(request)).request_after
    assert back == request.model_copy(update={"revision": 3})


def test_reopening_an_accepted_request_cancels_its_appointment() -> None:
    change = reopened(accepted())
    assert change.appointment
    assert change.appointment.after.busy_slot is None
    (cancel,) = (edit.after for edit in change.pms_writes)
    assert (cancel.kind, change.appointment.after.cancel_id) == ("cancel", cancel.id)


def test_reopening_a_linked_request_keeps_the_appointment() -> None:
    appointment = an_appointment()
    change = reopened(link(a_request(), appointment, a_linking(appointment), a_stamp()))
    assert change.appointment
    assert (change.appointment.after.status, change.appointment.after.request_id) == (AppointmentStatus.BOOKED, None)
    assert change.appointment.after.slot == appointment.slot
    assert change.pms_writes == ()


def test_reopening_cancels_a_confirmation_that_was_claimed() -> None:
    change = accepted(notify=True)
    assert change.email
    told = record_claim(change.request_after, change.email, change.request_after.accepted, NOW)
    email = reopened(replace(change, request=told.request)).email
    assert email
    assert (email.kind, email.cancels) == (EmailKind.CANCELLATION, change.email.outbox_id)
    assert email.revision > change.email.revision


def test_reopening_before_the_claim_needs_no_cancellation() -> None:
    assert reopened(accepted(notify=True)).email is None


@pytest.mark.parametrize("kind", ["confirmation", "rejection"])
def test_reopening_a_held_decision_sends_nothing_whatever_an_earlier_one_told(kind: NotificationKind) -> None:
    """The earlier decision was undone without an e-mail, so the patient still believes in it."""
    earlier = LastNotification(outbox_id="mail_earlier", kind=kind, at=NOW, slot=a_slot(), status="sent")
    change = add_undo_window(
        accepted(a_request(last_notification=earlier), notify=True), a_practice(email_undo_seconds=20)
    )
    assert change.request_after.mail_due_at
    assert reopened(change).email is None


def test_reopening_sends_no_email_if_none_was_queued() -> None:
    assert reopened(accepted(notify=False)).email is None
    assert reopened(reject(a_request(), a_rejection(notify=True), a_stamp())).email is None


# ---------------------------------------------------------------- history


def test_history_has_only_the_fields_that_changed() -> None:
    change = reject(a_request(), a_rejection(), a_stamp())
    assert change.request
    entry = new_history_entry(change, change.request)
    assert entry.before == {"status": "pending", "decision": None}
    assert entry.after["status"] == "rejected"
    assert set(entry.after) == {"status", "decision"}
    assert (entry.action, entry.by, entry.at, entry.revision) == ("reject", "staff:u1", NOW, 2)


def test_history_does_not_repeat_the_patients_data() -> None:
    change = accepted(notify=True)
    assert change.request
    written = new_history_entry(change, change.request).model_dump_json()
    assert not any(word in written for word in ("Jane", "Doe", "jane@example.com", "+1604"))


def test_a_change_set_without_a_request_has_no_decided_request() -> None:
    with pytest.raises(ValueError, match="no request"):
        _ = ChangeSet(stamp=a_stamp(), action="receive").request_after


def test_ids_are_unique_and_sort_by_time() -> None:
    earlier = {accepted(practice=a_practice()).request_after.appointment_id for _ in range(20)}
    assert len(earlier) == 20
    later = accept(
        a_practice(), a_request(), a_slot(), an_acceptance(), {}, a_stamp(at=NOW + timedelta(milliseconds=1))
    ).request_after.appointment_id
    assert later
    assert all(one and one < later for one in earlier)
