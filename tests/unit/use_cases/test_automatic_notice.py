"""Patients are told by themselves that the PMS has moved their visit, after ten quiet minutes."""

from datetime import datetime, timedelta

import pytest

from bookings.domain.outbox.email import EmailKind, EmailStatus
from bookings.domain.pms.follow_appointment import QUIET_TIME
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Request
from bookings.use_cases.sweep_requests import notify_of_moves
from tests.support.builders import NOW, a_stamp, a_stranger, an_event
from tests.support.email_desk import EmailDesk
from tests.support.faults import Killed
from tests.support.in_memory.due_request_store import InMemoryDueRequestStore

MOVED_AT = NOW + timedelta(hours=1)
DUE = MOVED_AT + QUIET_TIME
MOVE = an_event(version=2, start="2026-07-16T16:00:00")


def a_desk(*, automatic: bool = True) -> EmailDesk:
    desk = EmailDesk()
    desk.practices.update_settings(desk.practice.id, {"notify_moves_automatically": automatic})
    return desk


def moved(desk: EmailDesk) -> Request:
    """A confirmed visit that the PMS has moved by seven hours."""
    request = desk.confirmed()
    desk.receive(MOVE, at=MOVED_AT)
    return desk.stored(request)


def sweep(desk: EmailDesk, at: datetime = DUE) -> list[str]:
    """The ids of the requests whose patients the sweep tells."""
    due_requests = InMemoryDueRequestStore(desk.bookings)
    result = notify_of_moves(desk.practices, desk.bookings, due_requests, a_stamp("clock", at), lambda: True)
    assert not result.failed
    return [key.request_id for key in result.done]


def is_due(desk: EmailDesk) -> bool:
    """Whether any request waits for a sweep."""
    return bool(InMemoryDueRequestStore(desk.bookings).due_for_notice(NOW + timedelta(days=99), 1))


def test_a_patient_is_told_once_ten_minutes_after_the_move() -> None:
    desk = a_desk()
    request = moved(desk)
    assert request.automatic_notice_at == DUE
    assert sweep(desk, DUE - timedelta(seconds=1)) == []
    assert sweep(desk) == [request.id]
    assert sweep(desk) == sweep(desk, DUE + timedelta(days=1)) == []
    assert "4:00 PM" in desk.deliver()[-1]
    after = desk.stored(request)
    assert (after.attentions, after.mail, after.automatic_notice_at) == ((), "sent", None)
    assert [email.kind for email in desk.emails] == [EmailKind.CONFIRMATION] * 2
    assert desk.actions(request)[-1] == "notify"
    first, second = desk.calendar_files()
    assert first.split("UID:")[1].split()[0] == second.split("UID:")[1].split()[0]


def test_each_further_move_starts_the_ten_minutes_again() -> None:
    desk = a_desk()
    request = moved(desk)
    again = MOVED_AT + timedelta(minutes=9)
    desk.receive(an_event(version=3, start="2026-07-17T11:00:00"), at=again)
    assert sweep(desk) == []
    assert sweep(desk, again + QUIET_TIME) == [request.id]
    assert "11:00 AM" in desk.deliver()[-1]


def test_another_chair_is_no_further_move() -> None:
    desk = a_desk()
    request = moved(desk)
    other_chair = an_event(version=3, start="2026-07-16T16:00:00", chair_id="chr_b")
    desk.receive(other_chair, at=MOVED_AT + timedelta(minutes=9))
    assert sweep(desk) == [request.id]


def test_nothing_is_sent_after_a_move_back_or_a_cancellation() -> None:
    for event in (an_event(version=3), an_event(version=3, status="cancelled")):
        desk = a_desk()
        request = moved(desk)
        desk.receive(event, at=MOVED_AT + timedelta(minutes=5))
        assert desk.stored(request).automatic_notice_at is None
        assert sweep(desk, DUE + timedelta(hours=1)) == []
        assert not is_due(desk)
        assert len(desk.emails) == 1


def test_nothing_is_sent_after_the_front_desk_has_told_the_patient_or_dismissed_the_attention() -> None:
    for decide in (EmailDesk.notify, EmailDesk.dismiss, EmailDesk.reopen):
        desk = a_desk()
        request = moved(desk)
        decide(desk, request)
        emails = len(desk.emails)
        assert sweep(desk, DUE + timedelta(hours=1)) == []
        assert not is_due(desk)
        assert len(desk.emails) == emails


def test_without_the_setting_nothing_is_planned() -> None:
    desk = a_desk(automatic=False)
    request = moved(desk)
    assert request.attentions == (Attention.MOVED_IN_PMS,)
    assert not is_due(desk)


def test_turning_the_setting_off_ends_a_planned_notice_and_leaves_the_attention() -> None:
    desk = a_desk()
    request = moved(desk)
    desk.practices.update_settings(desk.practice.id, {"notify_moves_automatically": False})
    assert sweep(desk) == []
    assert not is_due(desk)
    after = desk.stored(request)
    assert (after.revision, after.attentions) == (request.revision, (Attention.MOVED_IN_PMS,))
    desk.practices.update_settings(desk.practice.id, {"notify_moves_automatically": True})
    assert sweep(desk, DUE + timedelta(days=1)) == []
    desk.receive(an_event(version=3, start="2026-07-17T11:00:00"), at=DUE + timedelta(days=1))
    assert sweep(desk, DUE + timedelta(days=2)) == [request.id], "a later move counts again"


@pytest.mark.parametrize("fields", [{"may_email": False}, {"patient": None}])
def test_a_patient_who_must_not_be_written_to_gets_nothing(fields: dict[str, object]) -> None:
    """The patient has asked for it since the confirmation, or the address was taken away."""
    desk = a_desk()
    request = moved(desk)
    if "patient" in fields:
        fields = {"patient": request.patient.model_copy(update={"email": None})}
    desk.change(request, **fields)
    assert sweep(desk) == []
    assert not is_due(desk)
    assert desk.stored(request).attentions == (Attention.MOVED_IN_PMS,)


def test_nobody_is_told_of_a_visit_that_has_begun() -> None:
    desk = a_desk()
    request = desk.confirmed()
    desk.receive(an_event(version=2, start="2026-07-01T11:05:00"), at=MOVED_AT)
    assert desk.stored(request).attentions == (Attention.MOVED_IN_PMS,)
    assert sweep(desk) == []
    assert not is_due(desk)
    assert len(desk.emails) == 1


def test_a_patient_whose_email_was_sent_with_the_new_time_is_not_told_again() -> None:
    """The front desk's e-mail waited in the outbox when the PMS moved the visit once more."""
    desk = a_desk()
    request = moved(desk)
    desk.notify(request)
    desk.receive(an_event(version=3, start="2026-07-17T11:00:00"), at=MOVED_AT)
    assert desk.stored(request).attentions == (Attention.MOVED_IN_PMS,)
    assert "11:00 AM" in desk.deliver()[-1]
    assert sweep(desk) == []
    assert not is_due(desk)


def test_a_move_between_the_sweeps_read_and_write_starts_the_ten_minutes_again() -> None:
    desk = a_desk()
    request = moved(desk)
    again = an_event(version=3, start="2026-07-17T11:00:00")
    desk.bookings.before_next_commit = lambda: desk.receive(again, at=DUE)
    assert sweep(desk) == []
    assert len(desk.emails) == 1
    assert sweep(desk, DUE + QUIET_TIME) == [request.id]


def test_of_two_sweeps_at_once_one_tells_the_patient() -> None:
    desk = a_desk()
    request = moved(desk)
    desk.bookings.before_next_commit = lambda: sweep(desk)
    assert sweep(desk) == []
    assert len(desk.emails) == 2
    assert desk.actions(request).count("notify") == 1


def test_a_front_desk_that_is_faster_than_the_sweep_tells_the_patient() -> None:
    desk = a_desk()
    request = moved(desk)
    desk.bookings.before_next_commit = lambda: desk.notify(request)
    assert sweep(desk) == []
    assert len(desk.emails) == 2


def test_a_sweep_that_dies_is_made_up_for_by_the_next_and_told_once() -> None:
    for point in ("is_killed_before_commit", "is_killed_after_commit"):
        desk = a_desk()
        request = moved(desk)
        setattr(desk.bookings, point, True)
        with pytest.raises(Killed):
            sweep(desk)
        setattr(desk.bookings, point, False)
        sweep(desk)
        assert [email.revision for email in desk.emails[1:]] == [request.revision + 1]


def test_an_appointment_that_chairlink_created_and_the_pms_wrote_at_another_time_is_told() -> None:
    desk = a_desk()
    request = desk.accept(desk.request(), notify=True)
    desk.deliver()
    (leased,) = desk.pull()
    written = an_event(id="1001", write_id=leased[0].id, start="2026-07-15T17:00:00")
    desk.receive(written, at=MOVED_AT)
    assert desk.stored(request).automatic_notice_at == DUE
    assert sweep(desk) == [request.id]
    assert "5:00 PM" in desk.deliver()[-1]
    assert [email.status for email in desk.emails] == [EmailStatus.SENT] * 2


def test_linking_again_without_an_email_plans_no_notice() -> None:
    desk = a_desk()
    request = moved(desk)
    desk.receive(
        an_event("appointment.deleted", version=3, id="A1"), an_event(id="A2", start="2026-07-17T11:00:00"), at=MOVED_AT
    )
    after = desk.link(desk.stored(request), desk.stored_appointment("A2"))
    assert after.attentions == (Attention.MOVED_IN_PMS,)
    assert not is_due(desk)


def test_an_appointment_that_becomes_another_persons_is_told_to_nobody() -> None:
    desk = a_desk()
    moved(desk)
    theirs = an_event(version=3, start="2026-07-17T11:00:00", patient=a_stranger().model_dump(mode="json"))
    desk.receive(theirs, at=MOVED_AT)
    assert sweep(desk) == []
    assert not is_due(desk)
