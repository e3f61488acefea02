"""What SES reports of a message: at least once, in any order."""

from itertools import permutations

import pytest

from bookings.domain.outbox.email import EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import DeliveryEvent

from .builders import a_letter, an_accepted_request
from .conftest import World


@pytest.mark.parametrize(
    ("news", "end"),
    [
        (DeliveryEvent.SEND, EmailStatus.SENT),
        (DeliveryEvent.DELIVERY, EmailStatus.DELIVERED),
        (DeliveryEvent.COMPLAINT, EmailStatus.DELIVERED),
    ],
)
@pytest.mark.parametrize("status", [EmailStatus.PENDING, EmailStatus.SENDING, EmailStatus.UNKNOWN])
def test_a_message_that_ses_speaks_of_was_sent(
    world: World, status: EmailStatus, news: DeliveryEvent, end: EmailStatus
) -> None:
    world.has(an_accepted_request(), a_letter(status=status, attempt_id="try_1"))
    assert world.hear(news).step is EmailStep(end)
    assert (world.status(), world.email().message_id, world.mail_on_the_request()) == (end, "ses-1", "sent")


@pytest.mark.parametrize(
    ("news", "code"),
    [
        (DeliveryEvent.BOUNCE, "bounced"),
        (DeliveryEvent.TRANSIENT_BOUNCE, "bounced_transiently"),
        (DeliveryEvent.REJECT, "rejected"),
        (DeliveryEvent.RENDERING_FAILURE, "not_rendered"),
    ],
)
def test_a_message_that_did_not_arrive_is_shown_to_the_front_desk(world: World, news: DeliveryEvent, code: str) -> None:
    world.has(an_accepted_request(mail="sent"), a_letter(status=EmailStatus.SENT, message_id="ses-1"))
    assert world.hear(news).step is EmailStep.FAILED
    assert (world.email().failure, world.mail_on_the_request()) == (code, "failed")


def test_a_letter_given_up_after_lost_answers_was_sent_if_ses_says_so(world: World) -> None:
    world.has(an_accepted_request(mail="failed"), a_letter(status=EmailStatus.FAILED, failure="InternalFailure"))
    world.hear(DeliveryEvent.DELIVERY)
    assert world.mail_on_the_request() == "sent"


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
    ids=lambda told: "+".join(sorted(told)) if isinstance(told, set) else "",
)
def test_in_whatever_order_reports_come_the_end_is_the_same(
    world: World, reported: set[DeliveryEvent], end: tuple[EmailStatus, str | None, str]
) -> None:
    """What bounces transiently although it was delivered is an automatic reply: the front desk has nobody to call."""
    for order in permutations(reported):
        world.has(an_accepted_request(), a_letter(status=EmailStatus.UNKNOWN, attempt_id="try_1"))
        for news in (*order, *order):
            world.hear(news)
        assert (world.status(), world.email().failure, world.mail_on_the_request()) == end, order


def test_a_report_heard_twice_changes_nothing(world: World) -> None:
    world.has(an_accepted_request(), a_letter(status=EmailStatus.UNKNOWN))
    assert [world.hear(DeliveryEvent.SEND).step, world.hear(DeliveryEvent.SEND).step] == [
        EmailStep.SENT,
        EmailStep.LEFT,
    ]


def test_a_report_of_an_unknown_letter_is_left(world: World) -> None:
    assert world.hear(DeliveryEvent.SEND, "mail_of_another_stack").step is EmailStep.LEFT
