"""The e-mail of a decision waits for the undo window. Undone before the e-mail is claimed, nothing is sent."""

from datetime import timedelta

import pytest

from bookings.domain.decisions.commands import Reopening
from bookings.domain.outbox.email import EMAIL_SWEEP_DELAY, EmailKind, EmailStatus, EmailStep, hold_email
from bookings.domain.requests.request import Request
from bookings.use_cases.reopen_request import reopen_request
from tests.support.builders import a_command_context
from tests.support.email_builders import NOW, a_rejected_request, an_accepted_request, an_email
from tests.support.email_harness import EmailHarness
from tests.support.faults import Killed
from tests.support.in_memory.held_email_queue import HeldMessage

WINDOW = timedelta(seconds=20)
HELD = hold_email(an_email(), NOW + WINDOW)


@pytest.fixture
def held(harness: EmailHarness) -> EmailHarness:
    """An accepted request whose confirmation is held."""
    harness.put(an_accepted_request(mail_due_at=NOW + WINDOW), HELD)
    return harness


def undo(harness: EmailHarness) -> Request:
    context = a_command_context(harness.request(), at=harness.now)
    return reopen_request(harness.practices, harness.bookings, context, Reopening())


def test_a_held_email_goes_into_the_queue_for_the_rest_of_its_window(held: EmailHarness) -> None:
    held.wait(seconds=1)
    assert held.deliver().step is EmailStep.HELD
    assert held.queue.messages == [HeldMessage("mail_1", "call-1", timedelta(seconds=19))]
    assert (held.status(), held.mail_status_of_request()) == (EmailStatus.PENDING, "queued")


def test_a_held_email_is_sent_at_the_end_of_its_window(held: EmailHarness) -> None:
    held.deliver()
    assert held.deliver_held() == [EmailStep.SENT]
    assert held.now == NOW + WINDOW
    assert held.mail_status_of_request() == "sent"


def test_a_message_that_comes_early_goes_into_the_queue_again(held: EmailHarness) -> None:
    held.deliver()
    held.queue.messages.clear()
    held.wait(seconds=18)
    assert held.deliver().step is EmailStep.HELD
    assert [message.delay.total_seconds() for message in held.queue.messages] == [2]


def test_an_email_that_is_not_held_never_enters_the_queue(harness: EmailHarness) -> None:
    harness.put_confirmation()
    assert harness.deliver().step is EmailStep.SENT
    assert harness.queue.messages == []


def test_a_held_email_whose_record_comes_late_is_sent_at_once(held: EmailHarness) -> None:
    held.wait(seconds=20)
    assert held.deliver().step is EmailStep.SENT


# ---------------------------------------------------------------- undone


@pytest.mark.parametrize("seconds", [0, 19, 20, 300])
def test_undone_before_the_claim_nothing_is_sent_whatever_the_time(held: EmailHarness, seconds: int) -> None:
    held.deliver()
    held.wait(seconds=seconds)
    back = undo(held)
    assert (back.outbox_id, back.mail, back.mail_due_at) == (None, None, None)
    assert held.deliver_held() == [EmailStep.SUPERSEDED]
    held.wait(days=1)
    assert held.sweep().due == 0
    assert held.transport.calls == 0


def test_an_undone_rejection_is_not_sent(harness: EmailHarness) -> None:
    harness.put(a_rejected_request(), HELD.model_copy(update={"kind": EmailKind.REJECTION}))
    harness.deliver()
    assert undo(harness).outbox_id is None
    assert harness.deliver_held() == [EmailStep.SUPERSEDED]
    assert harness.transport.calls == 0


def test_undone_after_the_claim_the_confirmation_is_cancelled(held: EmailHarness) -> None:
    held.deliver()
    held.deliver_held()
    back = undo(held)
    assert back.outbox_id
    assert held.send(back.outbox_id).step is EmailStep.SENT
    assert held.subjects()[1:] == ["Your appointment at Harbour Dental is no longer confirmed"]


def test_undone_while_the_email_is_rendered_it_is_not_sent(held: EmailHarness) -> None:
    """The claim decides: it is conditional on the request that the e-mail was rendered from."""
    render, once = held.sender.render_patient_email, [undo]

    def render_and_undo(*args: object) -> object:
        rendered = render(*args)  # type: ignore[arg-type]
        if once:
            once.pop()(held)
        return rendered

    held.wait(seconds=20)
    object.__setattr__(held.sender, "render_patient_email", render_and_undo)
    assert held.deliver().step is EmailStep.SUPERSEDED
    assert held.transport.calls == 0


# ---------------------------------------------------------------- faults


def test_two_messages_for_one_email_send_it_once(held: EmailHarness) -> None:
    """The stream's record came twice, or SQS delivered the message twice."""
    held.deliver()
    held.deliver()
    assert held.deliver_held() == [EmailStep.SENT, EmailStep.SKIPPED]
    assert len(held.transport.sent) == 1


def test_a_sender_killed_between_claim_and_deletion_sends_at_most_once(held: EmailHarness) -> None:
    """SQS delivers the message again, because nobody deleted it."""
    held.deliver()
    messages = list(held.queue.messages)
    held.transport.answers = [Killed()]
    with pytest.raises(Killed):
        held.deliver_held()
    held.queue.messages = messages
    assert held.deliver_held() == [EmailStep.SKIPPED]
    held.wait(minutes=3)
    assert [outcome.step for outcome in held.sweep().outcomes] == [EmailStep.UNKNOWN]


def test_a_queue_that_refuses_fails_the_record_so_that_it_comes_again(held: EmailHarness) -> None:
    held.queue.is_broken = True
    with pytest.raises(ConnectionError):
        held.deliver()
    assert held.status() is EmailStatus.PENDING
    held.queue.is_broken = False
    held.deliver()
    assert held.deliver_held() == [EmailStep.SENT]


def test_the_sweep_sends_what_the_queue_lost_and_not_early(held: EmailHarness) -> None:
    held.deliver()
    held.queue.messages.clear()
    held.wait(seconds=EMAIL_SWEEP_DELAY.total_seconds())
    assert held.sweep().due == 0, "the queue has five minutes after the window"
    held.wait(seconds=20)
    assert [outcome.step for outcome in held.sweep().outcomes] == [EmailStep.SENT]
