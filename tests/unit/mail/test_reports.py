"""What SES reports of a message: at least once, in any order."""

from itertools import permutations

import pytest

from bookings.domain.outbox.email import LetterStatus, Step
from bookings.domain.outbox.email_delivery import News

from .builders import a_letter, an_accepted_request
from .conftest import World


@pytest.mark.parametrize(
    ("news", "end"),
    [
        (News.SEND, LetterStatus.SENT),
        (News.DELIVERY, LetterStatus.DELIVERED),
        (News.COMPLAINT, LetterStatus.DELIVERED),
    ],
)
@pytest.mark.parametrize("status", [LetterStatus.PENDING, LetterStatus.SENDING, LetterStatus.UNKNOWN])
def test_a_message_that_ses_speaks_of_was_sent(
    world: World, status: LetterStatus, news: News, end: LetterStatus
) -> None:
    world.has(an_accepted_request(), a_letter(status=status, attempt_id="try_1"))
    assert world.hear(news).step is Step(end)
    assert (world.status(), world.letter().message_id, world.mail_on_the_request()) == (end, "ses-1", "sent")


@pytest.mark.parametrize(
    ("news", "code"),
    [
        (News.BOUNCE, "bounced"),
        (News.TRANSIENT_BOUNCE, "bounced_transiently"),
        (News.REJECT, "rejected"),
        (News.RENDERING_FAILURE, "not_rendered"),
    ],
)
def test_a_message_that_did_not_arrive_is_shown_to_the_front_desk(world: World, news: News, code: str) -> None:
    world.has(an_accepted_request(mail="sent"), a_letter(status=LetterStatus.SENT, message_id="ses-1"))
    assert world.hear(news).step is Step.FAILED
    assert (world.letter().failure, world.mail_on_the_request()) == (code, "failed")


def test_a_letter_given_up_after_lost_answers_was_sent_if_ses_says_so(world: World) -> None:
    world.has(an_accepted_request(mail="failed"), a_letter(status=LetterStatus.FAILED, failure="InternalFailure"))
    world.hear(News.DELIVERY)
    assert world.mail_on_the_request() == "sent"


BOUNCED = (LetterStatus.FAILED, "bounced", "failed")
BOUNCED_TRANSIENTLY = (LetterStatus.FAILED, "bounced_transiently", "failed")
DELIVERED = (LetterStatus.DELIVERED, None, "sent")


@pytest.mark.parametrize(
    ("reported", "end"),
    [
        ({News.SEND, News.DELIVERY, News.BOUNCE}, BOUNCED),
        ({News.SEND, News.TRANSIENT_BOUNCE}, BOUNCED_TRANSIENTLY),
        ({News.SEND, News.DELIVERY, News.TRANSIENT_BOUNCE}, DELIVERED),
        ({News.DELIVERY, News.TRANSIENT_BOUNCE, News.BOUNCE}, BOUNCED),
    ],
    ids=lambda told: "+".join(sorted(told)) if isinstance(told, set) else "",
)
def test_in_whatever_order_reports_come_the_end_is_the_same(
    world: World, reported: set[News], end: tuple[LetterStatus, str | None, str]
) -> None:
    """What bounces transiently although it was delivered is an automatic reply: the front desk has nobody to call."""
    for order in permutations(reported):
        world.has(an_accepted_request(), a_letter(status=LetterStatus.UNKNOWN, attempt_id="try_1"))
        for news in (*order, *order):
            world.hear(news)
        assert (world.status(), world.letter().failure, world.mail_on_the_request()) == end, order


def test_a_report_heard_twice_changes_nothing(world: World) -> None:
    world.has(an_accepted_request(), a_letter(status=LetterStatus.UNKNOWN))
    assert [world.hear(News.SEND).step, world.hear(News.SEND).step] == [Step.SENT, Step.LEFT]


def test_a_report_of_an_unknown_letter_is_left(world: World) -> None:
    assert world.hear(News.SEND, "mail_of_another_stack").step is Step.LEFT
