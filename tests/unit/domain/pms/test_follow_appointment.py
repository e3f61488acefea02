"""A linked request follows its appointment, or lets go of it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bookings.domain.change_set import Edit
from bookings.domain.pms.apply_event import apply_delete, apply_upsert
from bookings.domain.pms.event_models import AppointmentData, DeletedData
from bookings.domain.pms.follow_appointment import follow_appointment
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.last_notification import LastNotification, NotificationKind
from bookings.domain.requests.request import Request
from tests.support.builders import (
    NOW,
    a_patient,
    a_practice,
    a_request,
    a_slot,
    a_stamp,
    a_stranger,
    an_appointment,
    an_event,
)

PRACTICE = a_practice()


def upsert(known: Appointment | None, version: int, **data: Any) -> Edit[Appointment]:
    parsed = AppointmentData.model_validate_json(json.dumps(an_event(**data)["data"]))
    edit = apply_upsert(PRACTICE, known, parsed, version, NOW)
    assert edit
    return edit


def delete(known: Appointment, version: int) -> Edit[Appointment]:
    edit = apply_delete(PRACTICE, known, DeletedData(id="A1"), version, NOW)
    assert edit
    return edit


def linked() -> tuple[Request, Appointment]:
    appointment = an_appointment(id="A1", request_id="req_1", patient=a_patient())
    request = a_request(
        id="req_1",
        status="accepted",
        resolution="linked",
        accepted=appointment.slot,
        appointment_id="A1",
        appointment_status=appointment.status,
    )
    return request, appointment


def test_a_linked_request_follows_a_moved_appointment() -> None:
    request, appointment = linked()
    edit = upsert(appointment, 2, start="2026-07-20T09:00:00")
    change = follow_appointment(request, edit, a_stamp("agent:agt_1"))
    assert change.request_after.accepted == edit.after.slot
    assert (change.request_after.revision, change.request_after.status) == (request.revision + 1, "accepted")
    assert change.email is None


@pytest.mark.parametrize(
    "edit_of", [lambda known: upsert(known, 2, status="cancelled"), lambda known: delete(known, 2)]
)
def test_a_linked_request_shows_a_cancelled_appointment(edit_of: Any) -> None:
    request, appointment = linked()
    change = follow_appointment(request, edit_of(appointment), a_stamp("agent:agt_1"))
    assert change.request_after.appointment_status is AppointmentStatus.CANCELLED
    assert change.request_after.accepted == request.accepted, "the accepted slot stays"
    assert change.request_after.attention is Attention.CANCELLED_IN_PMS


@pytest.mark.parametrize("status", ["arrived", "fulfilled", "noshow"])
def test_a_linked_request_shows_the_status_of_its_appointment(status: str) -> None:
    request, appointment = linked()
    edit = upsert(appointment, 2, start="2026-07-16T09:00:00", status=status)
    change = follow_appointment(request, edit, a_stamp("agent:agt_1"))
    assert (change.request_after.appointment_status, change.request_after.attention) == (status, None)


def test_a_dismissed_attention_returns_only_with_a_new_status() -> None:
    request, appointment = linked()
    gone = upsert(appointment, 2, status="cancelled")
    snapshot = follow_appointment(request, gone, a_stamp()).request_after.model_copy(update={"attentions": ()})
    deletion, back = delete(gone.after, 3), upsert(gone.after, 3)
    assert follow_appointment(snapshot, deletion, a_stamp()).request is None
    again = upsert(back.after, 4, status="cancelled")
    standing = follow_appointment(snapshot, back, a_stamp()).request_after
    assert follow_appointment(standing, again, a_stamp()).request_after.attention is Attention.CANCELLED_IN_PMS


def test_a_restored_appointment_clears_the_attention() -> None:
    request, appointment = linked()
    gone = upsert(appointment, 2, status="cancelled")
    lost = follow_appointment(request, gone, a_stamp()).request_after
    back = upsert(gone.after, 3)
    assert follow_appointment(lost, back, a_stamp()).request_after.attention is None
    failed = lost.model_copy(update={"attentions": (Attention.WRITE_FAILED,)})
    assert follow_appointment(failed, back, a_stamp()).request_after.attention is Attention.WRITE_FAILED, (
        "that is another matter"
    )


def test_an_irrelevant_event_leaves_the_request_unchanged() -> None:
    request, appointment = linked()
    same = {"start": "2026-07-16T09:00:00", "duration_minutes": 60}
    edit = upsert(appointment, 2, **same, patient={"first_name": "Jane", "last_name": "Roe", "phone": "+16045550123"})
    assert follow_appointment(request, edit, a_stamp()).request is None


def test_a_move_between_two_equal_wall_times_is_followed() -> None:
    toronto: Practice = a_practice(timezone="America/Toronto")

    def data_at(start: str) -> AppointmentData:
        return AppointmentData.model_validate_json(json.dumps(an_event(start=start)["data"]))

    first = apply_upsert(toronto, None, data_at("2026-11-01T01:30:00-04:00"), 1, NOW)
    assert first
    known = first.after.model_copy(update={"request_id": "req_1"})
    request = a_request(id="req_1", accepted=known.slot, appointment_id="A1", appointment_status=known.status)
    second = apply_upsert(toronto, known, data_at("2026-11-01T01:30:00-05:00"), 2, NOW)
    assert second
    assert follow_appointment(request, second, a_stamp()).request_after.accepted == second.after.slot


def test_a_reopened_request_does_not_follow_the_appointment() -> None:
    _, appointment = linked()
    edit = upsert(appointment, 2, start="2026-07-20T09:00:00")
    assert follow_appointment(a_request(id="req_1"), edit, a_stamp()).request is None
    assert follow_appointment(None, edit, a_stamp()).request is None


# ---------------------------------------------------------------- moved after an e-mail


def told(start: str, kind: NotificationKind = "confirmation") -> LastNotification:
    return LastNotification(outbox_id="mail_1", kind=kind, at=NOW, slot=a_slot(start), status="sent")


def linked_and_told(kind: NotificationKind = "confirmation") -> tuple[Request, Appointment]:
    request, appointment = linked()
    return request.model_copy(update={"last_notification": told("2026-07-16T09:00", kind)}), appointment


def test_a_move_after_the_confirmation_asks_for_attention_until_it_is_moved_back() -> None:
    request, appointment = linked_and_told()
    moved = upsert(appointment, 2, start="2026-07-20T16:00:00")
    after = follow_appointment(request, moved, a_stamp()).request_after
    assert after.attentions == (Attention.MOVED_IN_PMS,)
    back = upsert(moved.after, 3)
    assert follow_appointment(after, back, a_stamp()).request_after.attentions == ()


@pytest.mark.parametrize("kind", ["rejection", "cancellation"])
def test_a_move_asks_for_nothing_where_no_email_confirmed_a_time(kind: NotificationKind) -> None:
    for request, appointment in (linked(), linked_and_told(kind=kind)):
        moved = upsert(appointment, 2, start="2026-07-20T16:00:00")
        assert follow_appointment(request, moved, a_stamp()).request_after.attentions == ()


@pytest.mark.parametrize(
    "data", [{"start": "2026-06-30T16:00:00"}, {"start": "2026-07-20T16:00:00", "status": "fulfilled"}]
)
def test_a_move_of_a_visit_that_is_not_ahead_asks_for_nothing(data: dict[str, Any]) -> None:
    request, appointment = linked_and_told()
    assert follow_appointment(request, upsert(appointment, 2, **data), a_stamp()).request_after.attentions == ()


def test_another_practitioner_at_the_same_time_is_no_move() -> None:
    request, appointment = linked_and_told()
    change = follow_appointment(request, upsert(appointment, 2, practitioner_id="prov_a"), a_stamp())
    assert change.request_after.attentions == ()


def test_a_dismissed_move_comes_back_only_with_another_move() -> None:
    request, appointment = linked_and_told()
    moved = upsert(appointment, 2, start="2026-07-20T16:00:00")
    seen = follow_appointment(request, moved, a_stamp()).request_after.model_copy(update={"attentions": ()})
    other_chair = upsert(moved.after, 3, start="2026-07-20T16:00:00", chair_id="chr_a")
    assert follow_appointment(seen, other_chair, a_stamp()).request_after.attentions == ()
    again = upsert(moved.after, 3, start="2026-07-20T17:00:00")
    assert follow_appointment(seen, again, a_stamp()).request_after.attentions == (Attention.MOVED_IN_PMS,)


def test_a_cancelled_appointment_is_not_moved_any_more_and_a_restored_one_is() -> None:
    request, appointment = linked_and_told()
    moved = upsert(appointment, 2, start="2026-07-20T16:00:00")
    after = follow_appointment(request, moved, a_stamp()).request_after
    gone = upsert(moved.after, 3, start="2026-07-20T16:00:00", status="cancelled")
    lost = follow_appointment(after, gone, a_stamp()).request_after
    assert lost.attentions == (Attention.CANCELLED_IN_PMS,)
    back = upsert(gone.after, 4, start="2026-07-20T16:00:00")
    assert follow_appointment(lost, back, a_stamp()).request_after.attentions == (Attention.MOVED_IN_PMS,)


def test_the_most_urgent_attention_is_shown() -> None:
    request, appointment = linked_and_told()
    failed = request.model_copy(update={"attentions": (Attention.WRITE_FAILED, Attention.MATCH_FOUND)})
    after = follow_appointment(failed, upsert(appointment, 2, start="2026-07-20T16:00:00"), a_stamp()).request_after
    assert after.attentions == (Attention.WRITE_FAILED, Attention.MOVED_IN_PMS, Attention.MATCH_FOUND)
    assert after.attention is Attention.WRITE_FAILED


# ---------------------------------------------------------------- another person

STRANGER = a_stranger().model_dump(mode="json")


def test_a_request_and_an_appointment_of_another_person_let_go_of_each_other() -> None:
    request, appointment = linked_and_told()
    edit = upsert(appointment, 2, start="2026-07-20T14:00:00", patient=STRANGER)
    change = follow_appointment(request, edit, a_stamp("agent:agt_1", NOW + timedelta(hours=1)))
    after = change.request_after
    assert (after.appointment_id, after.appointment_status) == (None, AppointmentStatus.CANCELLED)
    assert (after.status, after.accepted) == ("accepted", request.accepted), "nothing of the other visit is shown"
    assert after.attentions == (Attention.PATIENT_CHANGED_IN_PMS,)
    assert change.appointment
    assert change.appointment.after.is_linkable
    assert change.appointment.after.made_at == NOW + timedelta(hours=1), "for requests it is a new appointment"


def test_an_id_that_is_used_again_after_a_deletion_is_another_persons() -> None:
    request, appointment = linked()
    gone = delete(appointment, 2)
    lost = follow_appointment(request, gone, a_stamp()).request_after
    after = follow_appointment(lost, upsert(gone.after, 3, patient=STRANGER), a_stamp()).request_after
    assert after.attentions == (Attention.PATIENT_CHANGED_IN_PMS, Attention.CANCELLED_IN_PMS)
    assert after.appointment_cancelled_at == lost.appointment_cancelled_at


def test_an_appointment_restored_for_the_same_person_stays_linked() -> None:
    request, appointment = linked()
    gone = delete(appointment, 2)
    lost = follow_appointment(request, gone, a_stamp()).request_after
    after = follow_appointment(lost, upsert(gone.after, 3), a_stamp()).request_after
    assert (after.appointment_id, after.attentions) == ("A1", ())


def test_an_appointment_linked_in_spite_of_other_data_stays_linked_while_these_stay() -> None:
    request, appointment = linked()
    unlike = appointment.model_copy(update={"patient": a_stranger()})
    moved = upsert(unlike, 2, start="2026-07-20T14:00:00", patient=STRANGER)
    assert follow_appointment(request, moved, a_stamp()).request_after.appointment_id == "A1"
    third = upsert(unlike, 2, patient=a_stranger("Alex").model_dump(mode="json"))
    assert follow_appointment(request, third, a_stamp()).request_after.appointment_id is None
