"""A decision that is undone after its e-mail: the patient is told what is true, once, unless staff say no."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from bookings.domain.kernel.errors import MoveNotAllowed
from bookings.domain.outbox.email import EmailKind, EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import SendFault, SendRefused
from bookings.domain.requests.request import Request, Status
from tests.support.builders import a_slot, an_appointment, an_event
from tests.support.email_builders import (
    a_notification,
    a_reopened_email,
    a_request,
    a_wrong_appointment_email,
    an_email,
)
from tests.support.email_builders import a_rejected_request as a_stored_rejection
from tests.support.email_desk import EmailDesk
from tests.support.email_harness import EmailHarness


@pytest.fixture
def desk() -> EmailDesk:
    return EmailDesk()


def rejected(desk: EmailDesk) -> Request:
    request = desk.request()
    desk.reject(request, notify=True)
    desk.deliver()
    return desk.stored(request)


def accepted(desk: EmailDesk) -> Request:
    request = desk.accept(desk.request(), notify=True)
    desk.deliver()
    return desk.stored(request)


def last_email(desk: EmailDesk) -> EmailMessage:
    desk.deliver()
    return desk.transport.sent[-1]


def test_after_an_acceptance_the_visit_is_cancelled(desk: EmailDesk) -> None:
    request = accepted(desk)
    back = desk.reopen(request)
    assert (back.mail, desk.emails[-1].kind) == ("queued", EmailKind.CANCELLATION)
    assert "no longer confirmed" in str(last_email(desk)["subject"])
    assert desk.stored(request).mail == "sent"


def test_after_a_link_only_our_calendar_entry_is_cancelled(desk: EmailDesk) -> None:
    request = desk.confirmed()
    desk.reopen(request)
    assert "confirmed the wrong appointment" in str(last_email(desk)["subject"])
    first, second = desk.calendar_files()
    uid = f"UID:{request.id}@chairlink"
    assert [uid in first, uid in second, "METHOD:CANCEL" in second] == [True] * 3
    assert sequence(second) > sequence(first)


def sequence(calendar: str) -> int:
    (line,) = (line for line in calendar.splitlines() if line.startswith("SEQUENCE:"))
    return int(line.removeprefix("SEQUENCE:"))


def test_after_a_link_that_moved_the_confirmed_time_is_taken_back(desk: EmailDesk) -> None:
    request = desk.confirmed()
    desk.receive(an_event(version=2, start="2026-07-16T16:00:00"))
    desk.reopen(desk.stored(request))
    assert "July 16, 2026 at 9:00 AM" in desk.deliver()[-1]


def test_after_a_link_that_the_pms_cancelled_the_visit_is_cancelled(desk: EmailDesk) -> None:
    request = desk.confirmed()
    desk.receive(an_event(version=2, status="cancelled"))
    desk.reopen(desk.stored(request))
    assert "Please do not come" in desk.deliver()[-1]


def test_after_a_rejection_the_request_is_open_again(desk: EmailDesk) -> None:
    request = rejected(desk)
    assert desk.reopen(request).mail == "queued"
    assert "is open again" in str(last_email(desk)["subject"])
    told = desk.stored(request).last_notification
    assert told
    assert (told.kind, told.slot) == ("reopened", request.requested)


@pytest.mark.parametrize("decided", [accepted, rejected, EmailDesk.confirmed])
def test_without_notify_nobody_is_told(desk: EmailDesk, decided: object) -> None:
    request = decided(desk)  # type: ignore[operator]
    back = desk.reopen(request, notify=False)
    assert (back.outbox_id, back.mail, back.status) == (None, None, Status.PENDING)
    assert len(desk.deliver()) == 1


@pytest.mark.parametrize(
    ("decided", "subject"),
    [(accepted, "no longer confirmed"), (rejected, "open again"), (EmailDesk.confirmed, "wrong appointment")],
)
def test_notify_tells_later_what_a_silent_undo_left_out(desk: EmailDesk, decided: object, subject: str) -> None:
    request = decided(desk)  # type: ignore[operator]
    desk.reopen(request, notify=False)
    desk.notify(request)
    assert subject in str(last_email(desk)["subject"])
    with pytest.raises(MoveNotAllowed):
        desk.notify(request)


@pytest.mark.parametrize("decided", [accepted, rejected, EmailDesk.confirmed])
def test_nobody_is_written_to_about_a_time_that_is_past(desk: EmailDesk, decided: object) -> None:
    request = decided(desk)  # type: ignore[operator]
    slot = request.accepted or request.requested
    desk.reopen(request, at=slot.begins + timedelta(minutes=1))
    assert len(desk.deliver()) == 1


@pytest.mark.parametrize("answer", [SendRefused(SendFault.PERMANENT, "MessageRejected")])
def test_after_a_rejection_that_failed_nothing_is_sent(desk: EmailDesk, answer: SendRefused) -> None:
    desk.transport.answers = [answer]
    desk.reopen(rejected(desk))
    assert desk.deliver() == []


def test_linked_again_to_another_appointment_its_time_replaces_the_wrong_one(desk: EmailDesk) -> None:
    """The newer confirmation changes the same calendar entry, and the other e-mail waits for it."""
    request = desk.confirmed()
    back = desk.reopen(request)
    other = desk.appointment(id="B1", slot=a_slot("2026-07-20T11:00"), patient=request.patient)
    desk.link(back, an_appointment(id=other.id), notify=True)
    desk.deliver()
    assert "has been moved" in str(desk.transport.sent[-1]["subject"])


# ---------------------------------------------------------------- whether it is still to be sent


def open_again(**changes: object) -> Request:
    told = a_notification(kind="rejection", slot=None)
    return a_request(**{"revision": 3, "outbox_id": "mail_2", "mail": "queued", "last_notification": told, **changes})


@pytest.mark.parametrize("status", [EmailStatus.SENT, EmailStatus.DELIVERED, EmailStatus.UNKNOWN])
def test_a_rejection_that_may_have_arrived_is_taken_back(harness: EmailHarness, status: EmailStatus) -> None:
    harness.put(open_again(), an_email(EmailKind.REJECTION, status=status), a_reopened_email())
    assert harness.send("mail_2").step is EmailStep.SENT


@pytest.mark.parametrize("status", [EmailStatus.PENDING, EmailStatus.SUPERSEDED, EmailStatus.FAILED])
def test_a_rejection_that_was_never_sent_is_not_taken_back(harness: EmailHarness, status: EmailStatus) -> None:
    harness.put(open_again(), an_email(EmailKind.REJECTION, status=status), a_reopened_email())
    assert harness.send("mail_2").step is EmailStep.SUPERSEDED
    assert harness.mail_status_of_request() is None


def test_open_again_waits_while_the_rejection_is_being_sent(harness: EmailHarness) -> None:
    under_way = an_email(EmailKind.REJECTION, status=EmailStatus.SENDING, attempt_id="try_1", attempts=1)
    harness.put(open_again(), under_way, a_reopened_email())
    assert harness.send("mail_2").step is EmailStep.POSTPONED
    assert harness.email("mail_2").failure == "rejection_under_way"


def test_open_again_is_not_said_after_a_newer_decision(harness: EmailHarness) -> None:
    again = a_stored_rejection(revision=4, outbox_id="mail_3")
    harness.put(again, an_email(EmailKind.REJECTION, status=EmailStatus.SENT), a_reopened_email())
    assert harness.send("mail_2").step is EmailStep.SUPERSEDED


def test_open_again_is_not_said_once_the_time_has_passed(harness: EmailHarness) -> None:
    harness.put(open_again(), an_email(EmailKind.REJECTION, status=EmailStatus.SENT), a_reopened_email())
    harness.now = open_again().requested.begins
    assert harness.send("mail_2").step is EmailStep.SUPERSEDED


@pytest.mark.parametrize(
    ("status", "step"), [(EmailStatus.SENT, EmailStep.SENT), (EmailStatus.SUPERSEDED, EmailStep.SUPERSEDED)]
)
def test_a_wrong_appointment_is_taken_back_like_a_confirmation(
    harness: EmailHarness, status: EmailStatus, step: EmailStep
) -> None:
    harness.put(a_request(revision=3, outbox_id="mail_2"), an_email(status=status), a_wrong_appointment_email())
    assert harness.send("mail_2").step is step
