"""The outbox: a letter moves on only from where it was seen."""

from datetime import timedelta

import pytest

from bookings.domain.change_set import ChangeSet
from bookings.domain.decisions.link import link
from bookings.domain.decisions.reopen import reopen
from bookings.domain.outbox.email import Email, EmailStatus
from bookings.domain.outbox.email_delivery import (
    DELIVERY_EVENT_TIMEOUT,
    EMAIL_LEASE,
    claim_email,
    finish_email,
    mark_unknown,
    postpone_email,
)
from bookings.domain.requests.request import Request
from tests.contract.conftest import Stores
from tests.support.builders import NOW, a_linking, a_practice, a_request, a_stamp, an_appointment
from tests.support.seeding import submit_requests

LATER = NOW + timedelta(hours=1)
EVERYTHING = 10_000


def a_sent_change(stores: Stores) -> ChangeSet:
    """A decision whose letter has just been put into the outbox."""
    request = a_request(practice_id=a_practice().id)
    submit_requests(stores.bookings, request)
    appointment = an_appointment(practice_id=request.practice_id)
    change = link(request, appointment, a_linking(appointment, notify=True), a_stamp())
    stores.bookings.commit(ChangeSet(stamp=change.stamp, action="link", request=change.request, email=change.email))
    return change


def letter_of(change: ChangeSet) -> Email:
    assert change.email
    return change.email


def shown(stores: Stores, request: Request) -> str | None:
    """What the front desk sees of the letter on its request."""
    found = stores.bookings.load(request.practice_id, request_id=request.id).request
    assert found
    return found.mail


def test_a_letter_is_in_the_outbox_as_it_was_written(stores: Stores) -> None:
    change = a_sent_change(stores)
    email = letter_of(change)
    assert stores.emails.get(email.outbox_id) == email
    assert shown(stores, change.request_after) == "queued"


def test_a_letter_that_nobody_wrote_is_none(stores: Stores) -> None:
    assert stores.emails.get("mail_none") is None


def test_a_letter_is_claimed_once(stores: Stores) -> None:
    email = letter_of(a_sent_change(stores))
    mine, theirs = claim_email(email, "try_1", NOW), claim_email(email, "try_2", NOW)
    assert stores.emails.advance(email, mine)
    assert not stores.emails.advance(email, theirs)
    assert stores.emails.get(email.outbox_id) == mine


def test_only_who_has_claimed_it_puts_it_down(stores: Stores) -> None:
    email = letter_of(a_sent_change(stores))
    first = claim_email(email, "try_1", NOW)
    stores.emails.advance(email, first)
    put_back = postpone_email(first, "throttled", NOW)
    stores.emails.advance(first, put_back)
    second = claim_email(put_back, "try_2", LATER)
    assert stores.emails.advance(put_back, second)
    assert not stores.emails.advance(first, finish_email(first, EmailStatus.SENT, message_id="m1"))
    assert stores.emails.get(email.outbox_id) == second


@pytest.mark.parametrize("status", [EmailStatus.SENT, EmailStatus.FAILED, EmailStatus.UNKNOWN])
def test_the_request_shows_how_far_its_letter_has_come(stores: Stores, status: EmailStatus) -> None:
    change = a_sent_change(stores)
    email = letter_of(change)
    claimed = claim_email(email, "try_1", NOW)
    assert stores.emails.advance(email, claimed)
    assert shown(stores, change.request_after) == "queued"
    assert stores.emails.advance(claimed, finish_email(claimed, status, message_id="m1"))
    assert shown(stores, change.request_after) == status.value


def test_where_a_newer_decision_stands_its_own_letter_is_shown(stores: Stores) -> None:
    change = a_sent_change(stores)
    email = letter_of(change)
    stores.bookings.commit(reopen(change.request_after, None, a_stamp()))
    claimed = claim_email(email, "try_1", NOW)
    assert stores.emails.advance(email, claimed)
    assert stores.emails.advance(claimed, finish_email(claimed, EmailStatus.SENT, message_id="m1"))
    assert shown(stores, change.request_after) is None
    after = stores.emails.get(email.outbox_id)
    assert after
    assert after.status is EmailStatus.SENT


def test_news_that_come_too_late_change_neither_letter_nor_request(stores: Stores) -> None:
    change = a_sent_change(stores)
    email = letter_of(change)
    sent = finish_email(email, EmailStatus.SENT, message_id="m1")
    assert stores.emails.advance(email, sent)
    assert not stores.emails.advance(email, finish_email(email, EmailStatus.FAILED, failure="bounced"))
    assert stores.emails.get(email.outbox_id) == sent
    assert shown(stores, change.request_after) == "sent"


def test_letters_that_should_have_moved_are_due_and_the_longest_overdue_come_first(stores: Stores) -> None:
    """Nobody but this test looks at a time so late: the queue is one for all practices."""
    emails = [letter_of(a_sent_change(stores)) for _ in range(4)]
    first, second, third, settled = emails
    claimed = claim_email(second, "try_1", NOW - timedelta(hours=2))
    put_back = postpone_email(claim_email(third, "try_1", NOW), "throttled", NOW - timedelta(hours=3))
    stores.emails.advance(second, claimed)
    stores.emails.advance(third, put_back)
    stores.emails.advance(settled, finish_email(settled, EmailStatus.SENT, message_id="m1"))
    mine = {email.outbox_id for email in emails}
    due = [outbox_id for outbox_id in stores.emails.due(LATER, EVERYTHING) if outbox_id in mine]
    assert due == [third.outbox_id, second.outbox_id, first.outbox_id]


def test_what_is_not_due_yet_is_left_alone(stores: Stores) -> None:
    email = letter_of(a_sent_change(stores))
    assert email.outbox_id not in stores.emails.due(NOW, EVERYTHING)
    claimed = claim_email(email, "try_1", LATER)
    stores.emails.advance(email, claimed)
    assert email.outbox_id not in stores.emails.due(LATER, EVERYTHING)
    assert email.outbox_id in stores.emails.due(LATER + EMAIL_LEASE, EVERYTHING)


def test_what_waits_for_the_carriers_word_is_due_when_that_is_late_until_people_know(stores: Stores) -> None:
    email = letter_of(a_sent_change(stores))
    unknown, unheard = mark_unknown(email, "sender_died", NOW), NOW + DELIVERY_EVENT_TIMEOUT
    stores.emails.advance(email, unknown)
    assert email.outbox_id not in stores.emails.due(unheard - timedelta(seconds=1), EVERYTHING)
    assert email.outbox_id in stores.emails.due(unheard, EVERYTHING)
    stores.emails.advance(unknown, unknown.model_copy(update={"unheard": True}))
    assert email.outbox_id not in stores.emails.due(unheard, EVERYTHING)


@pytest.mark.parametrize(
    "status", [EmailStatus.SENT, EmailStatus.DELIVERED, EmailStatus.SUPERSEDED, EmailStatus.FAILED]
)
def test_what_is_settled_is_never_due(stores: Stores, status: EmailStatus) -> None:
    email = letter_of(a_sent_change(stores))
    stores.emails.advance(email, finish_email(email, status))
    assert email.outbox_id not in stores.emails.due(LATER, EVERYTHING)


def test_a_sweep_takes_no_more_than_it_asks_for(stores: Stores) -> None:
    for _ in range(3):
        a_sent_change(stores)
    assert len(stores.emails.due(LATER, 2)) == 2
