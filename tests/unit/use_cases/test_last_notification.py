"""A request keeps what its patient was last told, and says so if an e-mail failed."""

import pytest

from bookings.domain.outbox.email import EmailKind, EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import DeliveryEvent, SendFault, SendRefused
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.last_notification import LastNotification
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


def test_what_a_confirmation_says_is_kept_from_its_claim_on(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.transport.answers = [SendRefused(SendFault.UNKNOWN, "ReadTimeoutError")]
    harness.send()
    assert harness.request().last_notification == a_notification(status="unknown")
    harness.report(DeliveryEvent.DELIVERY)
    assert harness.request().last_notification == a_notification(status="sent")
    assert harness.request().revision == 2, "the fate of an e-mail makes no new revision"


@pytest.mark.parametrize("fault", [SendFault.TRANSIENT, SendFault.ACCOUNT, SendFault.PERMANENT])
def test_an_email_that_was_not_accepted_told_the_patient_nothing(harness: EmailHarness, fault: SendFault) -> None:
    before = a_notification(outbox_id="mail_0", slot=a_slot(9, 0))
    for told in (None, before):
        harness.put(an_accepted_request(last_notification=told), an_email())
        harness.transport.answers = [SendRefused(fault, "x")]
        harness.send()
        assert harness.request().last_notification == told


def test_an_email_that_bounced_may_have_arrived(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.send()
    harness.report(DeliveryEvent.BOUNCE)
    assert harness.request().last_notification == a_notification(status="failed")


def test_a_rejection_and_a_cancellation_are_notifications_too(harness: EmailHarness) -> None:
    harness.put(a_rejected_request(), an_email(EmailKind.REJECTION))
    harness.send()
    assert harness.request().last_notification == a_notification(kind="rejection", slot=a_slot(15, 0))
    cancelled = a_slot(9, 0)
    harness.put(a_request(outbox_id="mail_2", last_notification=a_notification(slot=cancelled)))
    harness.put(an_email(status=EmailStatus.SENT), a_cancellation(taken_back=cancelled))
    harness.send("mail_2")
    assert harness.request().last_notification == a_notification(
        outbox_id="mail_2", kind="cancellation", slot=cancelled
    )


def test_an_email_says_what_the_request_says_at_the_claim(harness: EmailHarness) -> None:
    """The PMS moves the appointment after the e-mail was rendered: it is rendered again."""
    harness.put_confirmation()
    render, moved = harness.sender.render_patient_email, an_accepted_request(accepted=a_slot(16, 0), revision=3)

    def render_and_move(*args: object) -> object:
        message = render(*args)  # type: ignore[arg-type]
        harness.put(moved)
        return message

    object.__setattr__(harness.sender, "render_patient_email", render_and_move)
    assert harness.send().step is EmailStep.SENT
    assert len(harness.transport.sent) == 1
    body = harness.transport.sent[0].get_body(("plain",))
    assert body
    assert "4:00 PM" in body.get_content()
    assert harness.request().last_notification == a_notification(slot=a_slot(16, 0))


def test_a_confirmation_of_another_time_than_before_says_that_the_visit_moved(harness: EmailHarness) -> None:
    told = a_notification(outbox_id="mail_0", slot=a_slot(9, 0))
    harness.put(an_accepted_request(last_notification=told), an_email())
    harness.send()
    assert harness.subjects() == ["Your appointment at Harbour Dental has been moved"]


@pytest.mark.parametrize(
    "told",
    [
        a_notification(outbox_id="mail_0"),
        a_notification(outbox_id="mail_0", slot=a_slot(9, 0), status="failed"),
        a_notification(outbox_id="mail_0", slot=a_slot(9, 0), kind="cancellation"),
    ],
    ids=["the same time", "it bounced", "it was cancelled"],
)
def test_other_confirmations_do_not_speak_of_a_move(harness: EmailHarness, told: LastNotification) -> None:
    harness.put(an_accepted_request(last_notification=told), an_email())
    harness.send()
    assert harness.subjects() == ["Your appointment at Harbour Dental is confirmed"]


# ---------------------------------------------------------------- failures


def test_an_email_that_fails_asks_for_attention_with_its_reason(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.send()
    harness.report(DeliveryEvent.BOUNCE)
    after = harness.request()
    assert (after.mail, after.mail_failure, after.attentions) == ("failed", "bounced", (Attention.MAIL_FAILED,))
    assert after.revision == 3, "the front desk has to see it"
    (entry,) = harness.bookings.history("req_1")
    assert (entry.action, entry.by, entry.at) == ("mail_failed", "outbox", NOW)


def test_an_email_that_can_never_be_sent_asks_for_attention(harness: EmailHarness) -> None:
    harness.put(an_accepted_request(appointment_status=AppointmentStatus.CANCELLED), an_email())
    assert harness.send().step is EmailStep.FAILED
    after = harness.request()
    assert (after.mail_failure, after.attentions) == ("appointment_cancelled", (Attention.MAIL_FAILED,))


def test_an_email_that_arrives_after_all_ends_the_attention(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.send()
    harness.report(DeliveryEvent.TRANSIENT_BOUNCE)
    assert harness.request().attentions == (Attention.MAIL_FAILED,)
    harness.report(DeliveryEvent.DELIVERY)
    after = harness.request()
    assert (after.mail, after.mail_failure, after.attentions) == ("sent", None, ())


def test_an_older_email_that_fails_asks_for_nothing(harness: EmailHarness) -> None:
    harness.put(an_accepted_request(outbox_id="mail_3", mail="sent"), an_email(status=EmailStatus.SENT))
    harness.report(DeliveryEvent.BOUNCE)
    assert (harness.request().mail, harness.request().attentions) == ("sent", ())
