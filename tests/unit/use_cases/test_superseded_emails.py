"""E-mails about superseded decisions are not sent, and confirmations that may have arrived are cancelled."""

from typing import Any

import pytest

from bookings.domain.outbox.email import EmailKind, EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import DeliveryEvent
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import Decision, Move, Request, Status
from bookings.domain.scheduling.slot import Slot
from tests.support.email_builders import (
    NOW,
    a_cancellation,
    a_notification,
    a_rejected_request,
    a_request,
    a_slot,
    an_accepted_request,
    an_email,
)
from tests.support.email_harness import EmailHarness

CANCELLED = "Your appointment at Harbour Dental is no longer confirmed"


TO_BE_CONFIRMED = Decision(action=Move.ACCEPT, at=NOW, by="staff", notify=True)
SILENT = Decision(action=Move.ACCEPT, at=NOW, by="staff", notify=False)


def accepted_again(**changes: Any) -> Request:
    """Accepted at another time than `mail_1` confirmed; by default without an e-mail."""
    again = {"revision": 4, "accepted": a_slot(16, 0), "decision": SILENT, "outbox_id": None, "mail": None}
    return an_accepted_request(**{**again, **changes})


def reopened(**changes: Any) -> Request:
    return a_request(**{"revision": 3, "outbox_id": "mail_2", **changes})


def test_a_confirmation_is_not_sent_after_reopening(harness: EmailHarness) -> None:
    harness.put(a_request(outbox_id=None, revision=3), an_email())
    assert harness.send().step is EmailStep.SUPERSEDED
    harness.wait(days=1)
    assert harness.sweep().due == 0
    assert harness.transport.calls == 0


def test_a_second_decision_sends_only_the_newer_email(harness: EmailHarness) -> None:
    harness.put(
        an_accepted_request(outbox_id="mail_3", revision=4), an_email(), an_email(outbox_id="mail_3", revision=4)
    )
    assert [harness.send("mail_3").step, harness.send("mail_1").step] == [EmailStep.SENT, EmailStep.SUPERSEDED]
    assert len(harness.transport.sent) == 1


@pytest.mark.parametrize("status", [EmailStatus.SENT, EmailStatus.DELIVERED, EmailStatus.UNKNOWN])
def test_a_confirmation_that_may_have_arrived_is_cancelled(harness: EmailHarness, status: EmailStatus) -> None:
    harness.put(reopened(), an_email(status=status), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.SENT
    assert harness.subjects() == [CANCELLED]
    assert harness.mail_status_of_request() == "sent"


@pytest.mark.parametrize("bounce", [DeliveryEvent.BOUNCE, DeliveryEvent.TRANSIENT_BOUNCE])
def test_a_confirmation_that_bounced_is_cancelled_too(harness: EmailHarness, bounce: DeliveryEvent) -> None:
    harness.put_confirmation()
    harness.send()
    harness.report(bounce)
    harness.put(reopened(), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.SENT
    assert harness.subjects()[1:] == [CANCELLED]


def test_a_confirmation_answered_automatically_is_cancelled_too(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.send()
    harness.report(DeliveryEvent.DELIVERY)
    harness.report(DeliveryEvent.TRANSIENT_BOUNCE)
    harness.put(reopened(), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.SENT


@pytest.mark.parametrize("status", [EmailStatus.PENDING, EmailStatus.SUPERSEDED, EmailStatus.FAILED])
def test_a_confirmation_that_was_never_sent_needs_no_cancellation(harness: EmailHarness, status: EmailStatus) -> None:
    harness.put(reopened(), an_email(status=status), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.SUPERSEDED
    assert harness.transport.calls == 0


def test_a_cancellation_waits_while_the_confirmation_is_being_sent(harness: EmailHarness) -> None:
    on_its_way = an_email(status=EmailStatus.SENDING, attempt_id="try_1", attempts=1)
    harness.put(reopened(), on_its_way, a_cancellation())
    assert harness.send("mail_2").step is EmailStep.POSTPONED
    harness.wait(minutes=5)
    harness.sweep()
    assert harness.status() is EmailStatus.UNKNOWN
    harness.wait(minutes=5)
    harness.sweep()
    assert harness.subjects() == [CANCELLED]


def test_a_newer_confirmation_replaces_a_late_cancellation(harness: EmailHarness) -> None:
    """It changes the same calendar entry, so nothing is left to cancel."""
    harness.put(
        an_accepted_request(outbox_id="mail_3", revision=4),
        an_email(status=EmailStatus.SENT),
        a_cancellation(),
        an_email(outbox_id="mail_3", revision=4),
    )
    assert harness.send("mail_2").step is EmailStep.POSTPONED, "the newer one may yet fail"
    assert harness.send("mail_3").step is EmailStep.SENT
    harness.wait(minutes=5)
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.SUPERSEDED]
    assert len(harness.transport.sent) == 1


def test_if_the_newer_confirmation_fails_the_old_one_is_cancelled(harness: EmailHarness) -> None:
    harness.put(
        accepted_again(outbox_id="mail_3"),
        an_email(status=EmailStatus.SENT),
        a_cancellation(),
        an_email(outbox_id="mail_3", revision=4, status=EmailStatus.FAILED),
    )
    assert harness.send("mail_2").step is EmailStep.SENT


@pytest.mark.parametrize("bounce", [DeliveryEvent.BOUNCE, DeliveryEvent.TRANSIENT_BOUNCE])
def test_a_newer_confirmation_that_bounced_counts_as_failed(harness: EmailHarness, bounce: DeliveryEvent) -> None:
    """It may not have arrived, and then the patient would have only the old one."""
    harness.put(
        accepted_again(outbox_id="mail_3"),
        an_email(status=EmailStatus.SENT),
        a_cancellation(),
        an_email(outbox_id="mail_3", revision=4, status=EmailStatus.SENT),
    )
    harness.report(bounce, "mail_3")
    assert harness.send("mail_2").step is EmailStep.SENT


@pytest.mark.parametrize("now", [a_slot(), a_slot(chair_id="chair_3", practitioner_id=None)])
def test_accepted_again_at_the_same_time_sends_no_cancellation(harness: EmailHarness, now: Slot) -> None:
    harness.put(accepted_again(accepted=now), an_email(status=EmailStatus.SENT), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.SUPERSEDED
    assert harness.transport.calls == 0


def test_accepted_at_another_time_without_email_cancels_the_old_one(harness: EmailHarness) -> None:
    harness.put(accepted_again(), an_email(status=EmailStatus.SENT), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.SENT
    assert harness.subjects() == [CANCELLED]


def test_accepted_again_but_cancelled_in_the_pms_cancels_the_old_one(harness: EmailHarness) -> None:
    gone = accepted_again(accepted=a_slot(), appointment_status=AppointmentStatus.CANCELLED)
    harness.put(gone, an_email(status=EmailStatus.SENT), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.SENT


@pytest.mark.parametrize("accepted", [a_slot(), a_slot(16, 0)])
def test_a_cancellation_waits_for_the_pms_write_that_will_be_confirmed(harness: EmailHarness, accepted: Slot) -> None:
    """A practice that confirms on write has no newer confirmation before the PMS write."""
    waits = accepted_again(accepted=accepted, decision=TO_BE_CONFIRMED, pms_write="queued")
    harness.put(waits, an_email(status=EmailStatus.SENT), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.POSTPONED
    harness.put(waits.model_copy(update={"outbox_id": "mail_3"}), an_email(outbox_id="mail_3", revision=4))
    assert harness.send("mail_3").step is EmailStep.SENT
    harness.wait(minutes=5)
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.SUPERSEDED]
    assert len(harness.transport.sent) == 1


@pytest.mark.parametrize("end", ["failed", "timed_out"])
def test_if_that_pms_write_fails_the_old_confirmation_is_cancelled(harness: EmailHarness, end: str) -> None:
    waits = accepted_again(decision=TO_BE_CONFIRMED, pms_write="queued")
    harness.put(waits, an_email(status=EmailStatus.SENT), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.POSTPONED
    harness.put(waits.model_copy(update={"pms_write": end}))
    harness.wait(minutes=5)
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.SENT]
    assert harness.subjects() == [CANCELLED]


def test_if_reopened_before_that_pms_write_the_old_one_is_cancelled(
    harness: EmailHarness,
) -> None:
    waits = accepted_again(decision=TO_BE_CONFIRMED, pms_write="queued")
    harness.put(waits, an_email(status=EmailStatus.SENT), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.POSTPONED
    harness.put(reopened(outbox_id=None, revision=5))
    harness.wait(minutes=5)
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.SENT]


@pytest.mark.parametrize("status", [Status.REJECTED, Status.CANCELLED, Status.EXPIRED])
def test_a_void_confirmation_is_cancelled_in_any_later_status(harness: EmailHarness, status: Status) -> None:
    harness.put(reopened(status=status, outbox_id=None), an_email(status=EmailStatus.SENT), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.SENT
    body = harness.transport.sent[0].get_body(("plain",))
    assert body
    assert "will be in touch" not in body.get_content()


def test_two_cancellations_cancel_the_one_confirmation_that_was_sent(harness: EmailHarness) -> None:
    """Sent, reopened, accepted, reopened, and only then can e-mails be sent again."""
    harness.put(
        reopened(outbox_id="mail_4", revision=5),
        an_email(status=EmailStatus.SENT),
        a_cancellation(),
        an_email(outbox_id="mail_3", revision=4),
        a_cancellation(outbox_id="mail_4", revision=5, cancels="mail_3"),
    )
    steps = {name: harness.send(name).step for name in ("mail_4", "mail_3", "mail_2")}
    assert steps == {"mail_4": EmailStep.SUPERSEDED, "mail_3": EmailStep.SUPERSEDED, "mail_2": EmailStep.SENT}
    assert harness.subjects() == [CANCELLED]


def test_only_the_newest_confirmation_is_cancelled(harness: EmailHarness) -> None:
    harness.put(
        reopened(outbox_id="mail_4", revision=5, last_notification=a_notification(outbox_id="mail_3")),
        an_email(status=EmailStatus.SENT),
        a_cancellation(),
        an_email(outbox_id="mail_3", revision=4, status=EmailStatus.SENT),
        a_cancellation(outbox_id="mail_4", revision=5, cancels="mail_3"),
    )
    assert [harness.send(name).step for name in ("mail_2", "mail_4")] == [EmailStep.SUPERSEDED, EmailStep.SENT]


def test_one_of_two_cancellations_of_the_same_confirmation_is_sent(harness: EmailHarness) -> None:
    """Confirmed, reopened, accepted without an e-mail, and reopened again before the first cancellation was sent."""
    harness.put(
        reopened(outbox_id="mail_4", revision=5, last_notification=a_notification()),
        an_email(status=EmailStatus.SENT),
        a_cancellation(),
        a_cancellation(outbox_id="mail_4", revision=5),
    )
    assert [harness.send(name).step for name in ("mail_2", "mail_4")] == [EmailStep.SUPERSEDED, EmailStep.SENT]


def test_a_rejection_sent_first_does_not_replace_the_cancellation(harness: EmailHarness) -> None:
    harness.put(
        a_rejected_request(outbox_id="mail_3", revision=4, last_notification=a_notification()),
        an_email(status=EmailStatus.SENT),
        a_cancellation(),
        an_email(EmailKind.REJECTION, outbox_id="mail_3", revision=4),
    )
    assert [harness.send(name).step for name in ("mail_3", "mail_2")] == [EmailStep.SENT, EmailStep.SENT]


def test_no_cancellation_is_sent_once_the_visit_has_begun(harness: EmailHarness) -> None:
    harness.put(reopened(), an_email(status=EmailStatus.SENT), a_cancellation())
    harness.now = a_slot().begins
    assert harness.send("mail_2").step is EmailStep.SUPERSEDED


def test_a_cancellation_is_not_sent_if_the_appointment_was_restored(harness: EmailHarness) -> None:
    restored = an_accepted_request(outbox_id="mail_2", revision=4, last_notification=a_notification())
    harness.put(restored, an_email(status=EmailStatus.SENT), a_cancellation())
    assert harness.send("mail_2").step is EmailStep.SUPERSEDED
    assert harness.mail_status_of_request() is None


def test_a_rejection_is_sent(harness: EmailHarness) -> None:
    harness.put(a_rejected_request(), an_email(EmailKind.REJECTION))
    assert harness.send().step is EmailStep.SENT
    assert harness.subjects() == ["Your appointment request to Harbour Dental"]
