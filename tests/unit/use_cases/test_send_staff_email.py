"""E-mails to the practice's staff are sent as those to patients are."""

import pytest

from bookings.domain.outbox.email import EmailStatus, EmailStep
from tests.support.email_builders import FRONT_DESK, a_practice, an_overdue_email
from tests.support.email_harness import EmailHarness


@pytest.fixture
def with_overdue_email(harness: EmailHarness) -> EmailHarness:
    harness.put(a_practice(front_desk_recipients=FRONT_DESK), an_overdue_email())
    return harness


def test_a_staff_email_is_sent_once(with_overdue_email: EmailHarness) -> None:
    assert with_overdue_email.send("mail_9").step is EmailStep.SENT
    assert with_overdue_email.send("mail_9").step is EmailStep.SKIPPED
    assert with_overdue_email.status("mail_9") is EmailStatus.SENT
    assert len(with_overdue_email.subjects()) == 1


def test_the_sweep_sends_a_staff_email_that_the_stream_missed(with_overdue_email: EmailHarness) -> None:
    with_overdue_email.wait(minutes=6)
    (outcome,) = with_overdue_email.sweep().outcomes
    assert outcome.step is EmailStep.SENT


def test_a_staff_email_without_a_recipient_fails(harness: EmailHarness) -> None:
    harness.put(a_practice(), an_overdue_email())
    outcome = harness.send("mail_9")
    assert (outcome.step, outcome.code) == (EmailStep.FAILED, "no_address")
