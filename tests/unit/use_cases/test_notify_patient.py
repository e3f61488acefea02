"""Telling the patient what is true now."""

from datetime import timedelta

import pytest

from bookings.domain.decisions.commands import Watching
from bookings.domain.kernel.errors import Invalid, MoveNotAllowed, RevisionStale
from bookings.domain.outbox.email import EmailKind, EmailStatus
from bookings.domain.requests.attention import Attention
from bookings.use_cases.dismiss_attention import dismiss_attention
from bookings.use_cases.notify_patient import notify_patient
from bookings.use_cases.watch_request import watch_request
from tests.support.builders import (
    NOW,
    a_command_context,
    a_patient,
    a_stranger,
    an_event,
    an_idempotency_key,
)
from tests.support.email_desk import EmailDesk


def test_a_patient_is_told_of_a_move_with_the_same_calendar_entry() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    desk.receive(an_event(version=2, start="2026-07-16T16:00:00"))
    assert desk.stored(request).attentions == (Attention.MOVED_IN_PMS,)
    after = desk.notify(request)
    assert (after.mail, after.attentions) == ("queued", ())
    assert "4:00 PM" in desk.deliver()[-1]
    first, second = desk.calendar_files()
    assert f"UID:{request.id}@chairlink" in first
    assert f"UID:{request.id}@chairlink" in second
    sequences = [int(text.split("SEQUENCE:")[1].split()[0]) for text in (first, second)]
    assert sequences == sorted(set(sequences))
    told = desk.stored(request).last_notification
    assert told
    assert told.slot == desk.stored_appointment("A1").slot
    assert desk.actions(request)[-1] == "notify"


def test_the_cancellation_names_the_time_that_was_confirmed() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    desk.receive(an_event(version=2, start="2026-07-16T16:00:00"))
    desk.reopen(desk.stored(request))
    text = desk.deliver()[-1]
    assert "9:00 AM" in text
    assert "4:00 PM" not in text
    assert "20260716T160000Z" in desk.calendar_files()[-1]


def test_undoing_after_another_person_took_the_appointment_names_our_patients_time() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    stranger = a_stranger().model_dump(mode="json")
    desk.receive(an_event("appointment.deleted", version=2, id="A1"))
    desk.receive(an_event(version=3, start="2026-07-20T14:00:00", patient=stranger))
    lost = desk.stored(request)
    assert lost.attentions == (Attention.PATIENT_CHANGED_IN_PMS, Attention.CANCELLED_IN_PMS)
    desk.reopen(lost)
    assert "July 16" in desk.deliver()[-1]
    theirs = desk.stored_appointment("A1")
    assert (theirs.is_linkable, theirs.cancel_id) == (True, None)
    assert desk.writes == []


def test_nobody_is_asked_to_stay_away_from_a_visit_that_took_place() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    desk.receive(an_event(version=2, start="2026-06-30T10:00:00", status="fulfilled"))
    with pytest.raises(MoveNotAllowed):
        desk.notify(request)
    desk.reopen(desk.stored(request))
    assert [email.kind for email in desk.emails] == [EmailKind.CONFIRMATION]


def test_a_confirmation_of_a_cancelled_visit_is_taken_back() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    desk.receive(an_event(version=2, status="cancelled"))
    desk.notify(request)
    text = desk.deliver()[-1]
    assert "no longer confirmed" in text
    assert "will be in touch" not in text, "the request is decided"


def test_an_email_that_failed_is_sent_again() -> None:
    desk = EmailDesk()
    request = desk.request()
    desk.receive(an_event())
    desk.link(request, desk.stored_appointment("A1"), notify=True)
    desk.notify(request)
    desk.deliver()
    assert [email.status for email in desk.emails] == [EmailStatus.SUPERSEDED, EmailStatus.SENT]


def test_a_rejection_without_an_email_is_sent_later() -> None:
    desk = EmailDesk()
    request = desk.request()
    desk.reject(request)
    assert desk.notify(request).mail == "queued"
    assert [email.kind for email in desk.emails] == [EmailKind.REJECTION]


def test_a_pending_request_has_nothing_to_tell() -> None:
    desk = EmailDesk()
    with pytest.raises(MoveNotAllowed):
        desk.notify(desk.request())


@pytest.mark.parametrize("fields", [{"patient": a_patient(email=None)}, {"may_email": False}])
def test_a_patient_who_cannot_be_written_to_is_not_notified(fields: dict[str, object]) -> None:
    desk = EmailDesk()
    request = desk.accept(desk.request(**fields))
    with pytest.raises(Invalid):
        desk.notify(request)


def test_a_confirmation_that_waits_for_the_pms_is_not_sent_early() -> None:
    desk = EmailDesk()
    desk.practices.update_settings(desk.practice.id, {"confirm_when": "written"})
    request = desk.accept(desk.request(), notify=True)
    with pytest.raises(MoveNotAllowed):
        desk.notify(request)


def test_notifying_on_an_old_revision_is_stale_and_a_repetition_gets_the_same_answer() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    context = a_command_context(request, idempotency_key=an_idempotency_key("k"))
    first = notify_patient(desk.practices, desk.bookings, context)
    assert notify_patient(desk.practices, desk.bookings, context) == first
    with pytest.raises(RevisionStale):
        notify_patient(desk.practices, desk.bookings, a_command_context(request))
    assert len(desk.emails) == 2


def test_dismissing_takes_away_what_was_shown_and_keeps_the_rest() -> None:
    desk = EmailDesk()
    request = desk.request(attentions=(Attention.WRITE_FAILED, Attention.MAIL_FAILED))
    after = dismiss_attention(desk.practices, desk.bookings, a_command_context(request))
    assert after.attentions == (Attention.MAIL_FAILED,)
    assert after.attention is Attention.MAIL_FAILED


def test_an_accepted_request_lets_go_of_its_own_appointment_too() -> None:
    """The PMS wrote it into another patient's chart, or corrects the chart later; an undo must not cancel it."""
    desk = EmailDesk()
    request = desk.accept(desk.request())
    (leased,) = desk.pull()
    stranger = a_stranger().model_dump(mode="json")
    event = an_event(id="1001", write_id=leased[0].id, start="2026-07-15T15:00:00", patient=stranger)
    desk.receive(event)
    lost = desk.stored(request)
    assert (lost.appointment_id, lost.attention) == (None, Attention.PATIENT_CHANGED_IN_PMS)
    desk.reopen(lost)
    assert [write.kind for write in desk.writes] == ["create"]
    assert desk.stored_appointment(request.appointment_id).is_active


def test_the_new_patients_watched_request_is_linked_by_the_same_event() -> None:
    desk = EmailDesk()
    request = desk.confirmed()
    theirs = desk.request(patient=a_stranger())
    watch_request(desk.practices, desk.bookings, a_command_context(theirs), Watching(notify=False))
    stranger = a_stranger().model_dump(mode="json")
    desk.receive(an_event(version=2, patient=stranger), at=NOW + timedelta(hours=1))
    assert desk.stored(theirs).appointment_id == "A1"
    assert desk.stored(request).appointment_id is None
    assert desk.stored_appointment("A1").request_id == theirs.id
