"""What becomes of a letter that the carrier does not take."""

import pytest

from bookings.domain.outbox.email import MAX_SEND_ATTEMPTS, EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import DeliveryEvent, SendFault, SendRefused
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.patient import Patient

from .builders import NOW, a_letter, a_request, an_accepted_request
from .conftest import World

THROTTLED = SendRefused(SendFault.TRANSIENT, "TooManyRequestsException")
PAUSED = SendRefused(SendFault.ACCOUNT, "SendingPausedException")


def test_a_transient_fault_is_tried_again_later_and_later(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.transport.answers = [THROTTLED, THROTTLED]
    world.send()
    first = world.email().due_at - world.now
    assert (world.status(), world.mail_on_the_request()) == (EmailStatus.PENDING, "queued")
    world.later(hours=1)
    world.sweep()
    assert world.email().due_at - world.now > first
    world.later(hours=1)
    world.sweep()
    assert world.mail_on_the_request() == "sent"
    assert world.transport.calls == 3


def test_faults_without_end_are_shown_to_the_front_desk(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.transport.answers = [THROTTLED] * MAX_SEND_ATTEMPTS
    for _ in range(MAX_SEND_ATTEMPTS + 2):
        world.sweep()
        world.later(days=1)
    assert world.transport.calls == MAX_SEND_ATTEMPTS
    assert (world.status(), world.mail_on_the_request()) == (EmailStatus.FAILED, "failed")
    assert world.email().failure == "TooManyRequestsException"


def test_a_message_refused_for_good_is_shown_and_not_tried_again(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.transport.answers = [SendRefused(SendFault.PERMANENT, "MessageRejected")]
    assert world.send().step is EmailStep.FAILED
    assert world.mail_on_the_request() == "failed"
    world.later(days=1)
    assert world.sweep().due == 0


def test_while_the_account_is_paused_letters_wait_for_as_long_as_it_takes(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.transport.answers = [PAUSED] * 12
    assert world.send().step is EmailStep.PARKED
    for _ in range(11):
        world.later(minutes=5)
        assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.PARKED]
    assert (world.status(), world.mail_on_the_request()) == (EmailStatus.PENDING, "queued")
    world.later(minutes=5)
    world.sweep()
    assert world.mail_on_the_request() == "sent"


def test_while_the_account_is_paused_a_sweep_asks_once_and_counts_all(world: World) -> None:
    for number in range(1, 4):
        world.has(
            an_accepted_request(id=f"req_{number}", outbox_id=f"mail_{number}"),
            a_letter(outbox_id=f"mail_{number}", request_id=f"req_{number}", due_at=NOW),
        )
    world.transport.answers = [PAUSED]
    swept = world.sweep()
    assert (swept.due, world.transport.calls) == (3, 1)
    assert [outcome.step for outcome in swept.outcomes] == [EmailStep.PARKED, EmailStep.LEFT, EmailStep.LEFT]


@pytest.mark.parametrize(
    ("email", "code"),
    [
        (None, "no_address"),
        ("jané@example.com", "address_unusable"),
        ("jane(doe@example.com", "address_unusable"),
        ("jane@exa..mple.com", "address_unusable"),
    ],
)
def test_an_address_that_no_mail_reaches_is_shown_at_once(world: World, email: str | None, code: str) -> None:
    patient = Patient(first_name="Jane", last_name="Doe", email=email)
    world.has(an_accepted_request(patient=patient), a_letter())
    outcome = world.send()
    assert (outcome.step, outcome.code, world.mail_on_the_request()) == (EmailStep.FAILED, code, "failed")
    assert world.transport.calls == 0


def test_an_appointment_that_the_pms_cancelled_meanwhile_is_not_confirmed(world: World) -> None:
    world.has(an_accepted_request(appointment_status=AppointmentStatus.CANCELLED), a_letter())
    outcome = world.send()
    assert (outcome.step, outcome.code) == (EmailStep.FAILED, "appointment_cancelled")


def test_an_appointment_that_is_over_is_not_confirmed(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.later(days=30)
    assert [outcome.code for outcome in world.sweep().outcomes] == ["appointment_past"]


def test_a_letter_about_nothing_fails_aloud(world: World) -> None:
    world.has(a_letter())
    assert world.send().code == "request_gone"
    assert world.status() is EmailStatus.FAILED


def test_a_newer_decision_does_not_show_the_old_letters_fate(world: World) -> None:
    world.has(a_request(outbox_id="mail_9", mail="queued"), a_letter(status=EmailStatus.SENT, message_id="ses-1"))
    world.hear(DeliveryEvent.BOUNCE)
    assert (world.status(), world.mail_on_the_request()) == (EmailStatus.FAILED, "queued")
