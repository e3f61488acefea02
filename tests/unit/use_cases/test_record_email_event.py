"""Delivery events of SES: at least once, in any order."""

from itertools import permutations

import pytest

from bookings.domain.outbox.email import EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import DeliveryEvent
from tests.support.email_builders import an_accepted_request, an_email
from tests.support.email_harness import EmailHarness


@pytest.mark.parametrize(
    ("event", "end"),
    [
        (DeliveryEvent.SEND, EmailStatus.SENT),
        (DeliveryEvent.DELIVERY, EmailStatus.DELIVERED),
        (DeliveryEvent.COMPLAINT, EmailStatus.DELIVERED),
    ],
)
@pytest.mark.parametrize("status", [EmailStatus.PENDING, EmailStatus.SENDING, EmailStatus.UNKNOWN])
def test_an_ses_event_proves_that_the_email_was_sent(
    harness: EmailHarness, status: EmailStatus, event: DeliveryEvent, end: EmailStatus
) -> None:
    harness.put(an_accepted_request(), an_email(status=status, attempt_id="try_1"))
    assert harness.report(event).step is EmailStep(end)
    assert (harness.status(), harness.email().message_id, harness.mail_status_of_request()) == (end, "ses-1", "sent")


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (DeliveryEvent.BOUNCE, "bounced"),
        (DeliveryEvent.TRANSIENT_BOUNCE, "bounced_transiently"),
        (DeliveryEvent.REJECT, "rejected"),
        (DeliveryEvent.RENDERING_FAILURE, "not_rendered"),
    ],
)
def test_a_failed_delivery_is_shown_on_the_request(harness: EmailHarness, event: DeliveryEvent, code: str) -> None:
    harness.put(an_accepted_request(mail="sent"), an_email(status=EmailStatus.SENT, message_id="ses-1"))
    assert harness.report(event).step is EmailStep.FAILED
    assert (harness.email().failure, harness.mail_status_of_request()) == (code, "failed")


def test_a_delivery_event_overrides_a_failure(harness: EmailHarness) -> None:
    harness.put(an_accepted_request(mail="failed"), an_email(status=EmailStatus.FAILED, failure="InternalFailure"))
    harness.report(DeliveryEvent.DELIVERY)
    assert harness.mail_status_of_request() == "sent"


BOUNCED = (EmailStatus.FAILED, "bounced", "failed")
BOUNCED_TRANSIENTLY = (EmailStatus.FAILED, "bounced_transiently", "failed")
DELIVERED = (EmailStatus.DELIVERED, None, "sent")


@pytest.mark.parametrize(
    ("reported", "end"),
    [
        ({DeliveryEvent.SEND, DeliveryEvent.DELIVERY, DeliveryEvent.BOUNCE}, BOUNCED),
        ({DeliveryEvent.SEND, DeliveryEvent.TRANSIENT_BOUNCE}, BOUNCED_TRANSIENTLY),
        ({DeliveryEvent.SEND, DeliveryEvent.DELIVERY, DeliveryEvent.TRANSIENT_BOUNCE}, DELIVERED),
        ({DeliveryEvent.DELIVERY, DeliveryEvent.TRANSIENT_BOUNCE, DeliveryEvent.BOUNCE}, BOUNCED),
    ],
    ids=lambda events: "+".join(sorted(events)) if isinstance(events, set) else "",
)
def test_ses_events_in_any_order_end_in_the_same_state(
    harness: EmailHarness, reported: set[DeliveryEvent], end: tuple[EmailStatus, str | None, str]
) -> None:
    """A transient bounce after a delivery is an automatic reply, so the front desk need not call."""
    for order in permutations(reported):
        harness.put(an_accepted_request(), an_email(status=EmailStatus.UNKNOWN, attempt_id="try_1"))
        for event in (*order, *order):
            harness.report(event)
        assert (harness.status(), harness.email().failure, harness.mail_status_of_request()) == end, order


def test_a_repeated_ses_event_changes_nothing(harness: EmailHarness) -> None:
    harness.put(an_accepted_request(), an_email(status=EmailStatus.UNKNOWN))
    assert [harness.report(DeliveryEvent.SEND).step, harness.report(DeliveryEvent.SEND).step] == [
        EmailStep.SENT,
        EmailStep.SKIPPED,
    ]


def test_an_ses_event_of_an_unknown_email_is_ignored(harness: EmailHarness) -> None:
    assert harness.report(DeliveryEvent.SEND, "mail_of_another_stack").step is EmailStep.SKIPPED
