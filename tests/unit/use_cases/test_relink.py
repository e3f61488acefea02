"""A PMS that moves an appointment by deleting it and creating another."""

from datetime import timedelta
from typing import Any

import pytest

from bookings.domain.kernel.errors import AlreadyDecided, AppointmentCancelled, AppointmentTaken, Invalid, RevisionStale
from bookings.domain.outbox.email import EmailKind
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Request, Resolution, Status
from bookings.use_cases.link_request import link_request
from bookings.use_cases.read_requests import read_request
from tests.support.builders import (
    NOW,
    a_command_context,
    a_linking,
    a_patient,
    a_stranger,
    an_event,
    an_idempotency_key,
    completed,
)
from tests.support.email_desk import EmailDesk

LATER = NOW + timedelta(days=1)
DELETED = an_event("appointment.deleted", version=2, id="A1")
CREATED = an_event(id="A2", start="2026-07-16T16:00:00")


def lost() -> tuple[EmailDesk, Request]:
    """A confirmed request whose appointment A1 was replaced by A2, seven hours later on the same day."""
    desk = EmailDesk()
    request = desk.confirmed()
    desk.receive(DELETED, CREATED, at=LATER)
    return desk, desk.stored(request)


def new_appointment(desk: EmailDesk, request: Request) -> Appointment | None:
    return read_request(desk.practices, desk.bookings, desk.practice.id, request.id, LATER).new_appointment


@pytest.mark.parametrize(
    "batches", [[[DELETED, CREATED]], [[CREATED, DELETED]], [[DELETED], [CREATED]], [[CREATED], [DELETED]]]
)
def test_reading_names_the_new_appointment_in_whatever_order_the_events_come(
    batches: list[list[dict[str, Any]]],
) -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    assert new_appointment(desk, request) is None
    for batch in batches:
        desk.receive(*batch, at=LATER)
    assert desk.stored(request).attentions == (Attention.CANCELLED_IN_PMS,)
    assert new_appointment(desk, request) == desk.stored_appointment("A2")


def test_a_visit_from_before_the_decision_or_of_another_person_is_not_the_new_appointment() -> None:
    desk = EmailDesk()
    recall = an_event(id="A0", start="2026-09-01T09:00:00")
    desk.receive(recall, at=NOW - timedelta(days=1))
    request = desk.confirmed()
    theirs = an_event(id="A3", start="2026-07-16T16:00:00", patient=a_stranger().model_dump(mode="json"))
    desk.receive(DELETED, theirs, at=LATER)
    assert new_appointment(desk, request) is None


def test_of_two_new_appointments_the_one_received_with_the_loss_is_named() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    desk.receive(an_event(id="A9", start="2026-07-16T11:00:00"), at=NOW + timedelta(hours=1))
    desk.receive(DELETED, CREATED, at=LATER)
    named = new_appointment(desk, request)
    assert named
    assert named.id == "A2"


def test_a_dismissed_loss_names_no_new_appointment() -> None:
    desk, request = lost()
    desk.dismiss(request)
    assert new_appointment(desk, request) is None
    assert desk.link(desk.stored(request), desk.stored_appointment("A2")).appointment_id == "A2", "it can be linked"


def test_linking_again_keeps_the_request_accepted_and_its_decision() -> None:
    desk, request = lost()
    tally = desk.tally()
    after = desk.link(request, desk.stored_appointment("A2"))
    new = desk.stored_appointment("A2")
    assert (after.status, after.resolution, after.appointment_id) == (Status.ACCEPTED, Resolution.LINKED, "A2")
    assert (after.accepted, after.appointment_status, after.pms_write) == (new.slot, new.status, "not_required")
    assert after.decision == request.decision
    assert new.request_id == request.id
    assert desk.stored_appointment("A1").request_id is None
    assert desk.actions(request)[-1] == "relink"
    assert desk.tally() == {
        **{column: count for column, count in tally.items() if column != "appointment_cancelled"},
        "appointment_booked": 1,
    }
    assert tally["status_accepted"] == 1
    assert desk.writes == []


def test_linking_again_tells_the_patient_the_new_time_in_the_same_calendar_entry() -> None:
    desk, request = lost()
    after = desk.link(request, desk.stored_appointment("A2"), notify=True)
    assert (after.mail, after.attentions) == ("queued", ())
    assert "4:00 PM" in desk.deliver()[-1]
    first, second = desk.calendar_files()
    assert f"UID:{request.id}@chairlink" in first
    assert f"UID:{request.id}@chairlink" in second
    sequences = [int(text.split("SEQUENCE:")[1].split()[0]) for text in (first, second)]
    assert sequences[0] < sequences[1]


def test_linking_again_without_an_email_leaves_the_move_to_the_front_desk() -> None:
    desk, request = lost()
    after = desk.link(request, desk.stored_appointment("A2"))
    assert after.attentions == (Attention.MOVED_IN_PMS,)
    assert desk.notify(after).attentions == ()
    assert "4:00 PM" in desk.deliver()[-1]


def test_a_new_appointment_at_the_same_time_needs_no_attention() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    desk.receive(DELETED, an_event(id="A2"), at=LATER)
    assert desk.link(desk.stored(request), desk.stored_appointment("A2")).attentions == ()


def test_an_email_that_failed_still_needs_attention_after_linking_again() -> None:
    desk = EmailDesk()
    request = desk.request(attentions=(Attention.CANCELLED_IN_PMS, Attention.MAIL_FAILED), **LOST)
    desk.receive(CREATED, at=LATER)
    after = desk.link(request, desk.stored_appointment("A2"))
    assert after.attentions == (Attention.MAIL_FAILED,)


def test_a_request_follows_its_new_appointment_and_no_longer_the_old_one() -> None:
    desk, request = lost()
    desk.link(request, desk.stored_appointment("A2"), notify=True)
    desk.receive(an_event(version=3, start="2026-07-20T09:00:00"), at=LATER)
    assert desk.stored(request).accepted == desk.stored_appointment("A2").slot
    assert desk.stored_appointment("A1").is_linkable, "the PMS restored it for another request"
    desk.receive(an_event(id="A2", version=2, start="2026-07-17T10:00:00"), at=LATER)
    assert desk.stored(request).accepted == desk.stored_appointment("A2").slot
    desk.reopen(desk.stored(request))
    assert desk.stored_appointment("A2").is_linkable


def test_an_appointment_that_chairlink_created_is_replaced_too() -> None:
    desk = EmailDesk()
    request = desk.accept(desk.request(), notify=True)
    (leased,) = desk.pull()
    desk.receive(completed(leased[0], "1001"))
    desk.deliver()
    desk.receive(an_event("appointment.deleted", version=2, id="1001"), CREATED, at=LATER)
    assert new_appointment(desk, request) == desk.stored_appointment("A2")
    after = desk.link(desk.stored(request), desk.stored_appointment("A2"), notify=True)
    assert (after.pms_write, after.resolution) == ("not_required", Resolution.LINKED)
    assert desk.stored_appointment(request.appointment_id).request_id is None
    desk.reopen(after)
    assert [write.kind for write in desk.writes] == ["create"], "the new one is the PMS's own and stays there"


def test_a_request_whose_appointment_became_another_persons_can_be_linked_again() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    stranger = a_stranger().model_dump(mode="json")
    desk.receive(an_event(version=2, patient=stranger), CREATED, at=LATER)
    assert new_appointment(desk, request) == desk.stored_appointment("A2")
    after = desk.link(desk.stored(request), desk.stored_appointment("A2"), notify=True)
    assert (after.appointment_id, after.attentions) == ("A2", ())
    assert desk.stored_appointment("A1").request_id is None


def test_a_confirmation_that_waited_for_the_lost_appointment_does_not_block_a_later_one() -> None:
    desk = EmailDesk()
    desk.practices.update_settings(desk.practice.id, {"confirm_when": "written"})
    request = desk.accept(desk.request(), notify=True)
    (leased,) = desk.pull()
    desk.receive(an_event(id="1001", write_id=leased[0].id, status="cancelled", start="2026-07-15T15:00:00"))
    assert desk.stored(request).has_lost_appointment
    desk.receive(CREATED, at=LATER)
    after = desk.link(desk.stored(request), desk.stored_appointment("A2"))
    assert not after.awaits_confirmation
    assert desk.notify(after).mail == "queued"


def test_an_accepted_request_that_has_its_appointment_cannot_be_linked_again() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    desk.receive(CREATED, at=LATER)
    with pytest.raises(AlreadyDecided) as refused:
        desk.link(request, desk.stored_appointment("A2"))
    assert refused.value.facts["allowed_moves"] == ["reopen"]


def test_an_appointment_that_is_gone_or_belongs_to_another_request_cannot_be_linked() -> None:
    desk, request = lost()
    with pytest.raises(AppointmentCancelled):
        desk.link(request, desk.stored_appointment("A1"))
    other = desk.request(patient=a_patient())
    desk.link(other, desk.stored_appointment("A2"))
    with pytest.raises(AppointmentTaken):
        desk.link(request, desk.stored_appointment("A2"))


def test_a_patient_without_an_address_cannot_be_told_by_linking_again() -> None:
    desk = EmailDesk()
    request = desk.request(attentions=(Attention.CANCELLED_IN_PMS,), patient=a_patient(email=None), **LOST)
    desk.receive(CREATED, at=LATER)
    with pytest.raises(Invalid):
        desk.link(request, desk.stored_appointment("A2"), notify=True)


def test_linking_again_on_an_old_revision_is_stale_and_a_repetition_gets_the_same_answer() -> None:
    desk, request = lost()
    linking = a_linking(desk.stored_appointment("A2"), notify=True)
    context = a_command_context(request, idempotency_key=an_idempotency_key("k"))
    with pytest.raises(RevisionStale):
        link_request(desk.practices, desk.bookings, a_command_context(request, revision=1), linking)
    first = link_request(desk.practices, desk.bookings, context, linking)
    assert link_request(desk.practices, desk.bookings, context, linking) == first
    assert [email.kind for email in desk.emails] == [EmailKind.CONFIRMATION] * 2


def test_an_appointment_that_the_pms_restores_meanwhile_wins() -> None:
    desk, request = lost()
    restore = an_event(version=3)
    desk.bookings.before_next_commit = lambda: desk.receive(restore, at=LATER)
    with pytest.raises((AlreadyDecided, RevisionStale)):
        desk.link(request, desk.stored_appointment("A2"))
    assert desk.stored(request).appointment_id == "A1"
    assert desk.stored_appointment("A2").is_linkable


def test_a_later_version_of_the_tombstone_does_not_hold_up_linking_again() -> None:
    desk, request = lost()
    again = an_event("appointment.deleted", version=5, id="A1")
    desk.bookings.before_next_commit = lambda: desk.receive(again, at=LATER)
    assert desk.link(request, desk.stored_appointment("A2")).appointment_id == "A2"


LOST: dict[str, Any] = {
    "status": Status.ACCEPTED,
    "resolution": Resolution.LINKED,
    "appointment_id": None,
    "appointment_status": AppointmentStatus.CANCELLED,
}
