"""E-mails that SES does not accept, or that cannot be sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.email import EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import MAX_SEND_ATTEMPTS, DeliveryEvent, SendFault, SendRefused
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.patient import Patient
from bookings.use_cases.send_email import send_email
from tests.support.email_builders import (
    FRONT_DESK,
    NOW,
    a_practice,
    a_request,
    an_accepted_request,
    an_email,
    an_overdue_email,
)
from tests.support.email_harness import EmailHarness

BROKEN = SendRefused(SendFault.TRANSIENT, "InternalFailure")
THROTTLED = SendRefused(SendFault.THROTTLED, "TooManyRequestsException")
PAUSED = SendRefused(SendFault.ACCOUNT, "SendingPausedException")


def test_a_transient_fault_is_retried_with_back_off(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.transport.answers = [BROKEN, BROKEN]
    harness.send()
    first = harness.email().due_at - harness.now
    assert (harness.status(), harness.mail_status_of_request()) == (EmailStatus.PENDING, "queued")
    harness.wait(hours=1)
    harness.sweep()
    assert harness.email().due_at - harness.now > first
    harness.wait(hours=1)
    harness.sweep()
    assert harness.mail_status_of_request() == "sent"
    assert harness.transport.calls == 3


def test_after_the_last_attempt_the_front_desk_sees_the_failure(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.transport.answers = [BROKEN] * MAX_SEND_ATTEMPTS
    for _ in range(MAX_SEND_ATTEMPTS + 2):
        harness.sweep()
        harness.wait(days=1)
    assert harness.transport.calls == MAX_SEND_ATTEMPTS
    assert (harness.status(), harness.mail_status_of_request()) == (EmailStatus.FAILED, "failed")
    assert harness.email().failure == "InternalFailure"


def test_a_permanent_refusal_is_shown_and_not_retried(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.transport.answers = [SendRefused(SendFault.PERMANENT, "MessageRejected")]
    assert harness.send().step is EmailStep.FAILED
    assert harness.mail_status_of_request() == "failed"
    harness.wait(days=1)
    assert harness.sweep().due == 0


def test_while_the_account_is_paused_emails_are_parked_without_limit(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.transport.answers = [PAUSED] * 12
    assert harness.send().step is EmailStep.PARKED
    for _ in range(11):
        harness.wait(minutes=5)
        assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.PARKED]
    assert (harness.status(), harness.mail_status_of_request()) == (EmailStatus.PENDING, "queued")
    harness.wait(minutes=5)
    harness.sweep()
    assert harness.mail_status_of_request() == "sent"


def test_while_the_account_is_paused_a_sweep_tries_one_and_counts_all(harness: EmailHarness) -> None:
    for number in range(1, 4):
        harness.put(
            an_accepted_request(id=f"req_{number}", outbox_id=f"mail_{number}"),
            an_email(outbox_id=f"mail_{number}", request_id=f"req_{number}", due_at=NOW),
        )
    harness.transport.answers = [PAUSED]
    swept = harness.sweep()
    assert (swept.due, harness.transport.calls) == (3, 1)
    assert [outcome.step for outcome in swept.outcomes] == [EmailStep.PARKED, EmailStep.SKIPPED, EmailStep.SKIPPED]


def test_a_throttled_email_waits_and_no_attempt_counts(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.transport.answers = [THROTTLED for _ in range(3 * MAX_SEND_ATTEMPTS)]
    assert harness.send().step is EmailStep.THROTTLED
    for _ in range(3 * MAX_SEND_ATTEMPTS - 1):
        harness.wait(minutes=5)
        assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.THROTTLED]
    assert (harness.status(), harness.mail_status_of_request()) == (EmailStatus.PENDING, "queued")
    assert (harness.email().attempts, harness.email().failure) == (0, "TooManyRequestsException")
    harness.wait(minutes=5)
    harness.sweep()
    assert harness.mail_status_of_request() == "sent"


def a_backlog_for_staff_and_patients(harness: EmailHarness) -> list[str]:
    """Three e-mails to staff that have been due for an hour, and two to patients; returns the outbox ids of these."""
    harness.put(a_practice(front_desk_recipients=FRONT_DESK))
    for number in range(3):
        overdue = {"outbox_id": f"mail_staff_{number}", "due_at": NOW - timedelta(hours=1)}
        harness.put(an_overdue_email().model_copy(update=overdue))
    for number in range(2):
        request_id, outbox_id = f"req_{number}", f"mail_{number}"
        harness.put(
            an_accepted_request(id=request_id, outbox_id=outbox_id),
            an_email(outbox_id=outbox_id, request_id=request_id, due_at=NOW),
        )
    return ["mail_0", "mail_1"]


def test_a_sweep_sends_the_emails_to_patients_first(harness: EmailHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if those to staff fill a batch, and have been due for longer."""
    monkeypatch.setattr("bookings.use_cases.sweep_outbox.MAX_SWEEP_BATCH", 3)
    to_patients = a_backlog_for_staff_and_patients(harness)
    assert harness.sweep().due == 5
    assert sorted(harness.transport.outbox_ids[:2]) == to_patients
    assert len(harness.transport.sent) == 5


def test_while_ses_is_too_busy_a_sweep_tries_patients_only(harness: EmailHarness) -> None:
    to_patients = a_backlog_for_staff_and_patients(harness)
    harness.transport.answers = [THROTTLED]
    steps = [outcome.step for outcome in harness.sweep().outcomes]
    assert steps == [EmailStep.THROTTLED, EmailStep.SENT, *[EmailStep.SKIPPED] * 3]
    assert sorted(harness.transport.outbox_ids) == to_patients


def test_a_throttled_report_does_not_delay_patients(harness: EmailHarness) -> None:
    """The first sweep reaches staff and is throttled there; new e-mails to patients come first in the next one."""
    harness.put(a_practice(front_desk_recipients=FRONT_DESK), an_overdue_email())
    harness.transport.answers = [THROTTLED]
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.THROTTLED]
    harness.put(an_accepted_request(), an_email(due_at=NOW))
    harness.wait(minutes=5)
    assert [outcome.outbox_id for outcome in harness.sweep().outcomes] == ["mail_1", "mail_9"]


def test_a_fault_of_storage_is_no_attempt(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.practices.error = Unavailable()
    for _ in range(2 * MAX_SEND_ATTEMPTS):
        assert [outcome.step for outcome in harness.sweep().outcomes] in ([], [EmailStep.POSTPONED])
        harness.wait(minutes=5)
    assert (harness.status(), harness.email().attempts) == (EmailStatus.PENDING, 0)


def test_an_email_is_not_claimed_without_the_time_to_send_and_mark_it(harness: EmailHarness) -> None:
    """A sender that is stopped between claim and mark would leave the e-mail unknown."""
    harness.put_confirmation()
    with pytest.raises(Unavailable):
        send_email(replace(harness.sender, has_time_to_send=lambda: False), "mail_1", harness.now)
    assert (harness.status(), harness.transport.calls) == (EmailStatus.PENDING, 0)
    assert harness.send().step is EmailStep.SENT


@pytest.mark.parametrize(
    ("email", "code"),
    [
        (None, "no_address"),
        ("jané@example.com", "address_unusable"),
        ("jane(doe@example.com", "address_unusable"),
        ("jane@exa..mple.com", "address_unusable"),
    ],
)
def test_an_unusable_address_fails_at_once(harness: EmailHarness, email: str | None, code: str) -> None:
    patient = Patient(first_name="Jane", last_name="Doe", email=email)
    harness.put(an_accepted_request(patient=patient), an_email())
    outcome = harness.send()
    assert (outcome.step, outcome.code, harness.mail_status_of_request()) == (EmailStep.FAILED, code, "failed")
    assert harness.transport.calls == 0


def test_a_cancelled_appointment_is_not_confirmed(harness: EmailHarness) -> None:
    harness.put(an_accepted_request(appointment_status=AppointmentStatus.CANCELLED), an_email())
    outcome = harness.send()
    assert (outcome.step, outcome.code) == (EmailStep.FAILED, "appointment_cancelled")


def test_a_past_appointment_is_not_confirmed(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.wait(days=30)
    assert [outcome.code for outcome in harness.sweep().outcomes] == ["appointment_past"]


def test_an_email_without_its_request_fails(harness: EmailHarness) -> None:
    harness.put(an_email())
    assert harness.send().code == "request_gone"
    assert harness.status() is EmailStatus.FAILED


def test_the_request_shows_only_the_status_of_its_newest_email(harness: EmailHarness) -> None:
    harness.put(a_request(outbox_id="mail_9", mail="queued"), an_email(status=EmailStatus.SENT, message_id="ses-1"))
    harness.report(DeliveryEvent.BOUNCE)
    assert (harness.status(), harness.mail_status_of_request()) == (EmailStatus.FAILED, "queued")
