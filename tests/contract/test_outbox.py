"""The outbox: a letter moves on only from where it was seen."""

from datetime import timedelta

import pytest

from bookings.domain.change_set import Change
from bookings.domain.decisions import decide
from bookings.domain.outbox.email import HEARING_TAKES, LEASE, Letter, LetterStatus, claim, lose, postpone, settle
from bookings.domain.requests.request import Request
from tests.builders import NOW, a_linking, a_practice, a_request, a_stamp, an_appointment
from tests.contract.conftest import Stores
from tests.stores import submitted

LATER = NOW + timedelta(hours=1)
EVERYTHING = 10_000


def a_sent_change(stores: Stores) -> Change:
    """A decision whose letter has just been put into the outbox."""
    request = a_request(practice_id=a_practice().id)
    submitted(stores.bookings, request)
    appointment = an_appointment(practice_id=request.practice_id)
    change = decide.link(request, appointment, a_linking(appointment, notify=True), a_stamp())
    stores.bookings.commit(Change(stamp=change.stamp, action="link", request=change.request, letter=change.letter))
    return change


def letter_of(change: Change) -> Letter:
    assert change.letter
    return change.letter


def shown(stores: Stores, request: Request) -> str | None:
    """What the front desk sees of the letter on its request."""
    found = stores.bookings.see(request.practice_id, request_id=request.id).request
    assert found
    return found.mail


def test_a_letter_is_in_the_outbox_as_it_was_written(opened: Stores) -> None:
    change = a_sent_change(opened)
    letter = letter_of(change)
    assert opened.letters.get(letter.outbox_id) == letter
    assert shown(opened, change.decided) == "queued"


def test_a_letter_that_nobody_wrote_is_none(opened: Stores) -> None:
    assert opened.letters.get("mail_none") is None


def test_a_letter_is_claimed_once(opened: Stores) -> None:
    letter = letter_of(a_sent_change(opened))
    mine, theirs = claim(letter, "try_1", NOW), claim(letter, "try_2", NOW)
    assert opened.letters.advance(letter, mine)
    assert not opened.letters.advance(letter, theirs)
    assert opened.letters.get(letter.outbox_id) == mine


def test_only_who_has_claimed_it_puts_it_down(opened: Stores) -> None:
    letter = letter_of(a_sent_change(opened))
    first = claim(letter, "try_1", NOW)
    opened.letters.advance(letter, first)
    put_back = postpone(first, "throttled", NOW)
    opened.letters.advance(first, put_back)
    second = claim(put_back, "try_2", LATER)
    assert opened.letters.advance(put_back, second)
    assert not opened.letters.advance(first, settle(first, LetterStatus.SENT, message_id="m1"))
    assert opened.letters.get(letter.outbox_id) == second


@pytest.mark.parametrize("status", [LetterStatus.SENT, LetterStatus.FAILED, LetterStatus.UNKNOWN])
def test_the_request_shows_how_far_its_letter_has_come(opened: Stores, status: LetterStatus) -> None:
    change = a_sent_change(opened)
    letter = letter_of(change)
    claimed = claim(letter, "try_1", NOW)
    assert opened.letters.advance(letter, claimed)
    assert shown(opened, change.decided) == "queued"
    assert opened.letters.advance(claimed, settle(claimed, status, message_id="m1"))
    assert shown(opened, change.decided) == status.value


def test_where_a_newer_decision_stands_its_own_letter_is_shown(opened: Stores) -> None:
    change = a_sent_change(opened)
    letter = letter_of(change)
    opened.bookings.commit(decide.reopen(change.decided, None, a_stamp()))
    claimed = claim(letter, "try_1", NOW)
    assert opened.letters.advance(letter, claimed)
    assert opened.letters.advance(claimed, settle(claimed, LetterStatus.SENT, message_id="m1"))
    assert shown(opened, change.decided) is None
    after = opened.letters.get(letter.outbox_id)
    assert after
    assert after.status is LetterStatus.SENT


def test_news_that_come_too_late_change_neither_letter_nor_request(opened: Stores) -> None:
    change = a_sent_change(opened)
    letter = letter_of(change)
    sent = settle(letter, LetterStatus.SENT, message_id="m1")
    assert opened.letters.advance(letter, sent)
    assert not opened.letters.advance(letter, settle(letter, LetterStatus.FAILED, failure="bounced"))
    assert opened.letters.get(letter.outbox_id) == sent
    assert shown(opened, change.decided) == "sent"


def test_letters_that_should_have_moved_are_due_and_the_longest_overdue_come_first(opened: Stores) -> None:
    """Nobody but this test looks at a time so late: the queue is one for all practices."""
    letters = [letter_of(a_sent_change(opened)) for _ in range(4)]
    first, second, third, settled = letters
    claimed = claim(second, "try_1", NOW - timedelta(hours=2))
    put_back = postpone(claim(third, "try_1", NOW), "throttled", NOW - timedelta(hours=3))
    opened.letters.advance(second, claimed)
    opened.letters.advance(third, put_back)
    opened.letters.advance(settled, settle(settled, LetterStatus.SENT, message_id="m1"))
    mine = {letter.outbox_id for letter in letters}
    due = [outbox_id for outbox_id in opened.letters.due(LATER, EVERYTHING) if outbox_id in mine]
    assert due == [third.outbox_id, second.outbox_id, first.outbox_id]


def test_what_is_not_due_yet_is_left_alone(opened: Stores) -> None:
    letter = letter_of(a_sent_change(opened))
    assert letter.outbox_id not in opened.letters.due(NOW, EVERYTHING)
    claimed = claim(letter, "try_1", LATER)
    opened.letters.advance(letter, claimed)
    assert letter.outbox_id not in opened.letters.due(LATER, EVERYTHING)
    assert letter.outbox_id in opened.letters.due(LATER + LEASE, EVERYTHING)


def test_what_waits_for_the_carriers_word_is_due_when_that_is_late_until_people_know(opened: Stores) -> None:
    letter = letter_of(a_sent_change(opened))
    unknown, unheard = lose(letter, "sender_died", NOW), NOW + HEARING_TAKES
    opened.letters.advance(letter, unknown)
    assert letter.outbox_id not in opened.letters.due(unheard - timedelta(seconds=1), EVERYTHING)
    assert letter.outbox_id in opened.letters.due(unheard, EVERYTHING)
    opened.letters.advance(unknown, unknown.model_copy(update={"unheard": True}))
    assert letter.outbox_id not in opened.letters.due(unheard, EVERYTHING)


@pytest.mark.parametrize(
    "status", [LetterStatus.SENT, LetterStatus.DELIVERED, LetterStatus.SUPERSEDED, LetterStatus.FAILED]
)
def test_what_is_settled_is_never_due(opened: Stores, status: LetterStatus) -> None:
    letter = letter_of(a_sent_change(opened))
    opened.letters.advance(letter, settle(letter, status))
    assert letter.outbox_id not in opened.letters.due(LATER, EVERYTHING)


def test_a_sweep_takes_no_more_than_it_asks_for(opened: Stores) -> None:
    for _ in range(3):
        a_sent_change(opened)
    assert len(opened.letters.due(LATER, 2)) == 2
