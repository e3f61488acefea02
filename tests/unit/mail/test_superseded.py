"""Decisions that were overtaken: nobody is told what does not hold, and whoever was told wrongly is told again."""

from typing import Any

import pytest

from bookings.domain.outbox.email import EmailKind, EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import DeliveryEvent
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import Decision, Move, Request, Status
from bookings.domain.scheduling.slot import Slot

from .builders import NOW, a_cancellation, a_letter, a_rejected_request, a_request, a_slot, an_accepted_request
from .conftest import World

CANCELLED = "Your appointment at Harbour Dental is no longer confirmed"


TO_BE_CONFIRMED = Decision(action=Move.ACCEPT, at=NOW, by="staff", notify=True)
SILENT = Decision(action=Move.ACCEPT, at=NOW, by="staff", notify=False)


def accepted_again(**changes: Any) -> Request:
    """Accepted at another time than `mail_1` confirmed; in silence, unless a test says otherwise."""
    again = {"revision": 4, "accepted": a_slot(16, 0), "decision": SILENT, "outbox_id": None, "mail": None}
    return an_accepted_request(**{**again, **changes})


def reopened(**changes: Any) -> Request:
    return a_request(**{"revision": 3, "outbox_id": "mail_2", **changes})


def test_a_confirmation_is_not_mailed_once_the_request_is_reopened(world: World) -> None:
    world.has(a_request(outbox_id=None, revision=3), a_letter())
    assert world.send().step is EmailStep.SUPERSEDED
    world.later(days=1)
    assert world.sweep().due == 0
    assert world.transport.calls == 0


def test_a_decision_made_again_mails_only_the_newer_letter(world: World) -> None:
    world.has(an_accepted_request(outbox_id="mail_3", revision=4), a_letter(), a_letter(outbox_id="mail_3", revision=4))
    assert [world.send("mail_3").step, world.send("mail_1").step] == [EmailStep.SENT, EmailStep.SUPERSEDED]
    assert len(world.transport.sent) == 1


@pytest.mark.parametrize("status", [EmailStatus.SENT, EmailStatus.DELIVERED, EmailStatus.UNKNOWN])
def test_a_confirmation_that_may_have_arrived_is_cancelled(world: World, status: EmailStatus) -> None:
    world.has(reopened(), a_letter(status=status), a_cancellation())
    assert world.send("mail_2").step is EmailStep.SENT
    assert world.subjects() == [CANCELLED]
    assert world.mail_on_the_request() == "sent"


@pytest.mark.parametrize("bounce", [DeliveryEvent.BOUNCE, DeliveryEvent.TRANSIENT_BOUNCE])
def test_so_is_one_that_bounced_since_some_of_these_have_arrived(world: World, bounce: DeliveryEvent) -> None:
    world.has_a_confirmation_to_send()
    world.send()
    world.hear(bounce)
    world.has(reopened(), a_cancellation())
    assert world.send("mail_2").step is EmailStep.SENT
    assert world.subjects()[1:] == [CANCELLED]


def test_one_that_was_answered_automatically_is_cancelled_like_any_other(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.send()
    world.hear(DeliveryEvent.DELIVERY)
    world.hear(DeliveryEvent.TRANSIENT_BOUNCE)
    world.has(reopened(), a_cancellation())
    assert world.send("mail_2").step is EmailStep.SENT


@pytest.mark.parametrize("status", [EmailStatus.PENDING, EmailStatus.SUPERSEDED, EmailStatus.FAILED])
def test_a_confirmation_that_ses_never_took_needs_no_cancellation(world: World, status: EmailStatus) -> None:
    world.has(reopened(), a_letter(status=status), a_cancellation())
    assert world.send("mail_2").step is EmailStep.SUPERSEDED
    assert world.transport.calls == 0


def test_a_cancellation_waits_for_a_confirmation_that_is_on_its_way(world: World) -> None:
    on_its_way = a_letter(status=EmailStatus.SENDING, attempt_id="try_1", attempts=1)
    world.has(reopened(), on_its_way, a_cancellation())
    assert world.send("mail_2").step is EmailStep.POSTPONED
    world.later(minutes=5)
    world.sweep()
    assert world.status() is EmailStatus.UNKNOWN
    world.later(minutes=5)
    world.sweep()
    assert world.subjects() == [CANCELLED]


def test_a_newer_confirmation_takes_the_place_of_a_late_cancellation(world: World) -> None:
    """It changes the same calendar entry, so nothing is left to cancel."""
    world.has(
        an_accepted_request(outbox_id="mail_3", revision=4),
        a_letter(status=EmailStatus.SENT),
        a_cancellation(),
        a_letter(outbox_id="mail_3", revision=4),
    )
    assert world.send("mail_2").step is EmailStep.POSTPONED, "the newer one may yet fail"
    assert world.send("mail_3").step is EmailStep.SENT
    world.later(minutes=5)
    assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.SUPERSEDED]
    assert len(world.transport.sent) == 1


def test_if_the_newer_confirmation_fails_the_old_one_is_cancelled_all_the_same(world: World) -> None:
    world.has(
        accepted_again(outbox_id="mail_3"),
        a_letter(status=EmailStatus.SENT),
        a_cancellation(),
        a_letter(outbox_id="mail_3", revision=4, status=EmailStatus.FAILED),
    )
    assert world.send("mail_2").step is EmailStep.SENT


@pytest.mark.parametrize("bounce", [DeliveryEvent.BOUNCE, DeliveryEvent.TRANSIENT_BOUNCE])
def test_a_newer_confirmation_that_bounced_counts_as_one_that_failed(world: World, bounce: DeliveryEvent) -> None:
    """It may have arrived, but who has it only perhaps must not be left with the old one alone."""
    world.has(
        accepted_again(outbox_id="mail_3"),
        a_letter(status=EmailStatus.SENT),
        a_cancellation(),
        a_letter(outbox_id="mail_3", revision=4, status=EmailStatus.SENT),
    )
    world.hear(bounce, "mail_3")
    assert world.send("mail_2").step is EmailStep.SENT


@pytest.mark.parametrize("now", [a_slot(), a_slot(chair_id="chair_3", practitioner_id=None)])
def test_who_is_expected_at_the_confirmed_time_again_hears_nothing(world: World, now: Slot) -> None:
    world.has(accepted_again(accepted=now), a_letter(status=EmailStatus.SENT), a_cancellation())
    assert world.send("mail_2").step is EmailStep.SUPERSEDED
    assert world.transport.calls == 0


def test_accepted_again_in_silence_at_another_time_the_old_confirmation_is_cancelled(world: World) -> None:
    world.has(accepted_again(), a_letter(status=EmailStatus.SENT), a_cancellation())
    assert world.send("mail_2").step is EmailStep.SENT
    assert world.subjects() == [CANCELLED]


def test_accepted_again_at_the_confirmed_time_and_cancelled_in_the_pms_nothing_stands(world: World) -> None:
    gone = accepted_again(accepted=a_slot(), appointment_status=AppointmentStatus.CANCELLED)
    world.has(gone, a_letter(status=EmailStatus.SENT), a_cancellation())
    assert world.send("mail_2").step is EmailStep.SENT


@pytest.mark.parametrize("accepted", [a_slot(), a_slot(16, 0)])
def test_a_cancellation_waits_while_the_pms_has_yet_to_write_what_is_to_be_confirmed(
    world: World, accepted: Slot
) -> None:
    """Where a practice confirms what is written, the newer confirmation is no letter before that."""
    waits = accepted_again(accepted=accepted, decision=TO_BE_CONFIRMED, pms_write="queued")
    world.has(waits, a_letter(status=EmailStatus.SENT), a_cancellation())
    assert world.send("mail_2").step is EmailStep.POSTPONED
    world.has(waits.model_copy(update={"outbox_id": "mail_3"}), a_letter(outbox_id="mail_3", revision=4))
    assert world.send("mail_3").step is EmailStep.SENT
    world.later(minutes=5)
    assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.SUPERSEDED]
    assert len(world.transport.sent) == 1


@pytest.mark.parametrize("end", ["failed", "timed_out"])
def test_if_the_pms_does_not_write_it_the_old_confirmation_is_cancelled(world: World, end: str) -> None:
    waits = accepted_again(decision=TO_BE_CONFIRMED, pms_write="queued")
    world.has(waits, a_letter(status=EmailStatus.SENT), a_cancellation())
    assert world.send("mail_2").step is EmailStep.POSTPONED
    world.has(waits.model_copy(update={"pms_write": end}))
    world.later(minutes=5)
    assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.SENT]
    assert world.subjects() == [CANCELLED]


def test_if_the_front_desk_takes_it_back_before_the_pms_has_written_it_the_old_one_is_cancelled(world: World) -> None:
    waits = accepted_again(decision=TO_BE_CONFIRMED, pms_write="queued")
    world.has(waits, a_letter(status=EmailStatus.SENT), a_cancellation())
    assert world.send("mail_2").step is EmailStep.POSTPONED
    world.has(reopened(outbox_id=None, revision=5))
    world.later(minutes=5)
    assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.SENT]


@pytest.mark.parametrize("status", [Status.REJECTED, Status.CANCELLED, Status.EXPIRED])
def test_a_void_confirmation_is_cancelled_even_if_the_request_has_moved_on(world: World, status: Status) -> None:
    world.has(reopened(status=status, outbox_id=None), a_letter(status=EmailStatus.SENT), a_cancellation())
    assert world.send("mail_2").step is EmailStep.SENT
    body = world.transport.sent[0].get_body(("plain",))
    assert body
    assert "will be in touch" not in body.get_content()


def test_reopened_twice_before_anything_went_out_cancels_the_one_confirmation_that_did(world: World) -> None:
    """Sent, reopened, accepted, reopened, and only then the mail works again."""
    world.has(
        reopened(outbox_id="mail_4", revision=5),
        a_letter(status=EmailStatus.SENT),
        a_cancellation(),
        a_letter(outbox_id="mail_3", revision=4),
        a_cancellation(outbox_id="mail_4", revision=5, cancels="mail_3"),
    )
    steps = {name: world.send(name).step for name in ("mail_4", "mail_3", "mail_2")}
    assert steps == {"mail_4": EmailStep.SUPERSEDED, "mail_3": EmailStep.SUPERSEDED, "mail_2": EmailStep.SENT}
    assert world.subjects() == [CANCELLED]


def test_a_patient_with_a_newer_confirmation_hears_of_its_cancellation_only(world: World) -> None:
    world.has(
        reopened(outbox_id="mail_4", revision=5),
        a_letter(status=EmailStatus.SENT),
        a_cancellation(),
        a_letter(outbox_id="mail_3", revision=4, status=EmailStatus.SENT),
        a_cancellation(outbox_id="mail_4", revision=5, cancels="mail_3"),
    )
    assert [world.send(name).step for name in ("mail_2", "mail_4")] == [EmailStep.SUPERSEDED, EmailStep.SENT]


def test_a_rejection_is_mailed_while_it_stands(world: World) -> None:
    world.has(a_rejected_request(), a_letter(EmailKind.REJECTION))
    assert world.send().step is EmailStep.SENT
    assert world.subjects() == ["Your appointment request to Harbour Dental"]
