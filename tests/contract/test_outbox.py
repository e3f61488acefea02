"""The outbox: a letter moves on only from where it was seen."""

from datetime import timedelta

import pytest

from bookings.domain.change_set import ChangeSet
from bookings.domain.decisions.link import link
from bookings.domain.decisions.reopen import reopen
from bookings.domain.outbox.email import (
    DELIVERY_EVENT_TIMEOUT,
    EMAIL_LEASE,
    Email,
    EmailStatus,
    claim_email,
    finish_email,
    mark_unknown,
    postpone_email,
)
from bookings.domain.requests.request import Request
from tests.builders import NOW, a_linking, a_practice, a_request, a_stamp, an_appointment
from tests.contract.conftest import Stores
from tests.stores import submitted

LATER = NOW + timedelta(hours=1)
EVERYTHING = 10_000


def a_sent_change(stores: Stores) -> ChangeSet:
    """A decision whose letter has just been put into the outbox."""
    request = a_request(practice_id=a_practice().id)
    submitted(stores.bookings, request)
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


def test_a_letter_is_in_the_outbox_as_it_was_written(opened: Stores) -> None:
    change = a_sent_change(opened)
    email = letter_of(change)
    assert opened.emails.get(email.outbox_id) == email
    assert shown(opened, change.decided) == "queued"


def test_a_letter_that_nobody_wrote_is_none(opened: Stores) -> None:
    assert opened.emails.get("mail_none") is None


def test_a_letter_is_claimed_once(opened: Stores) -> None:
    email = letter_of(a_sent_change(opened))
    mine, theirs = claim_email(email, "try_1", NOW), claim_email(email, "try_2", NOW)
    assert opened.emails.advance(email, mine)
    assert not opened.emails.advance(email, theirs)
    assert opened.emails.get(email.outbox_id) == mine


def test_only_who_has_claimed_it_puts_it_down(opened: Stores) -> None:
    email = letter_of(a_sent_change(opened))
    first = claim_email(email, "try_1", NOW)
    opened.emails.advance(email, first)
    put_back = postpone_email(first, "throttled", NOW)
    opened.emails.advance(first, put_back)
    second = claim_email(put_back, "try_2", LATER)
    assert opened.emails.advance(put_back, second)
    assert not opened.emails.advance(first, finish_email(first, EmailStatus.SENT, message_id="m1"))
    assert opened.emails.get(email.outbox_id) == second


@pytest.mark.parametrize("status", [EmailStatus.SENT, EmailStatus.FAILED, EmailStatus.UNKNOWN])
def test_the_request_shows_how_far_its_letter_has_come(opened: Stores, status: EmailStatus) -> None:
    change = a_sent_change(opened)
    email = letter_of(change)
    claimed = claim_email(email, "try_1", NOW)
    assert opened.emails.advance(email, claimed)
    assert shown(opened, change.decided) == "queued"
    assert opened.emails.advance(claimed, finish_email(claimed, status, message_id="m1"))
    assert shown(opened, change.decided) == status.value


def test_where_a_newer_decision_stands_its_own_letter_is_shown(opened: Stores) -> None:
    change = a_sent_change(opened)
    email = letter_of(change)
    opened.bookings.commit(reopen(change.decided, None, a_stamp()))
    claimed = claim_email(email, "try_1", NOW)
    assert opened.emails.advance(email, claimed)
    assert opened.emails.advance(claimed, finish_email(claimed, EmailStatus.SENT, message_id="m1"))
    assert shown(opened, change.decided) is None
    after = opened.emails.get(email.outbox_id)
    assert after
    assert after.status is EmailStatus.SENT


def test_news_that_come_too_late_change_neither_letter_nor_request(opened: Stores) -> None:
    change = a_sent_change(opened)
    email = letter_of(change)
    sent = finish_email(email, EmailStatus.SENT, message_id="m1")
    assert opened.emails.advance(email, sent)
    assert not opened.emails.advance(email, finish_email(email, EmailStatus.FAILED, failure="bounced"))
    assert opened.emails.get(email.outbox_id) == sent
    assert shown(opened, change.decided) == "sent"


def test_letters_that_should_have_moved_are_due_and_the_longest_overdue_come_first(opened: Stores) -> None:
    """Nobody but this test looks at a time so late: the queue is one for all practices."""
    emails = [letter_of(a_sent_change(opened)) for _ in range(4)]
    first, second, third, settled = emails
    claimed = claim_email(second, "try_1", NOW - timedelta(hours=2))
    put_back = postpone_email(claim_email(third, "try_1", NOW), "throttled", NOW - timedelta(hours=3))
    opened.emails.advance(second, claimed)
    opened.emails.advance(third, put_back)
    opened.emails.advance(settled, finish_email(settled, EmailStatus.SENT, message_id="m1"))
    mine = {email.outbox_id for email in emails}
    due = [outbox_id for outbox_id in opened.emails.due(LATER, EVERYTHING) if outbox_id in mine]
    assert due == [third.outbox_id, second.outbox_id, first.outbox_id]


def test_what_is_not_due_yet_is_left_alone(opened: Stores) -> None:
    email = letter_of(a_sent_change(opened))
    assert email.outbox_id not in opened.emails.due(NOW, EVERYTHING)
    claimed = claim_email(email, "try_1", LATER)
    opened.emails.advance(email, claimed)
    assert email.outbox_id not in opened.emails.due(LATER, EVERYTHING)
    assert email.outbox_id in opened.emails.due(LATER + EMAIL_LEASE, EVERYTHING)


def test_what_waits_for_the_carriers_word_is_due_when_that_is_late_until_people_know(opened: Stores) -> None:
    email = letter_of(a_sent_change(opened))
    unknown, unheard = mark_unknown(email, "sender_died", NOW), NOW + DELIVERY_EVENT_TIMEOUT
    opened.emails.advance(email, unknown)
    assert email.outbox_id not in opened.emails.due(unheard - timedelta(seconds=1), EVERYTHING)
    assert email.outbox_id in opened.emails.due(unheard, EVERYTHING)
    opened.emails.advance(unknown, unknown.model_copy(update={"unheard": True}))
    assert email.outbox_id not in opened.emails.due(unheard, EVERYTHING)


@pytest.mark.parametrize(
    "status", [EmailStatus.SENT, EmailStatus.DELIVERED, EmailStatus.SUPERSEDED, EmailStatus.FAILED]
)
def test_what_is_settled_is_never_due(opened: Stores, status: EmailStatus) -> None:
    email = letter_of(a_sent_change(opened))
    opened.emails.advance(email, finish_email(email, status))
    assert email.outbox_id not in opened.emails.due(LATER, EVERYTHING)


def test_a_sweep_takes_no_more_than_it_asks_for(opened: Stores) -> None:
    for _ in range(3):
        a_sent_change(opened)
    assert len(opened.emails.due(LATER, 2)) == 2
