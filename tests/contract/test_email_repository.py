"""The outbox: an e-mail advances only from the state that was read."""

from datetime import timedelta

import pytest

from bookings.domain.change_set import ChangeSet, StaleSnapshot, revise
from bookings.domain.decisions.follow_email import record_claim
from bookings.domain.decisions.link import link
from bookings.domain.decisions.reopen import reopen
from bookings.domain.kernel.ids import new_id
from bookings.domain.outbox.email import Email, EmailKind, EmailStatus
from bookings.domain.outbox.email_delivery import (
    DELIVERY_EVENT_TIMEOUT,
    EMAIL_LEASE,
    claim_email,
    finish_email,
    mark_unknown,
    postpone_email,
)
from bookings.domain.requests.request import Request
from bookings.use_cases.save_email import advance_email
from tests.contract.conftest import Stores
from tests.support.builders import NOW, a_linking, a_practice, a_request, a_slot, a_stamp, an_appointment
from tests.support.seeding import submit_requests

LATER = NOW + timedelta(hours=1)
EVERYTHING = 10_000


def a_sent_change(stores: Stores) -> ChangeSet:
    """A decision whose e-mail has just been queued."""
    request = a_request(practice_id=a_practice().id)
    submit_requests(stores.bookings, request)
    appointment = an_appointment(practice_id=request.practice_id)
    change = link(request, appointment, a_linking(appointment, notify=True), a_stamp())
    stores.bookings.commit(ChangeSet(stamp=change.stamp, action="link", request=change.request, email=change.email))
    return change


def email_of(change: ChangeSet) -> Email:
    assert change.email
    return change.email


def advance(stores: Stores, before: Email, after: Email) -> bool:
    """Write the next state, with what it changes on the request."""
    return advance_email(stores.emails, stores.bookings, before, after, NOW)


def shown(stores: Stores, request: Request) -> str | None:
    """The e-mail's status on its request."""
    found = stores.bookings.load(request.practice_id, request_id=request.id).request
    assert found
    return found.mail


def test_an_email_round_trips(stores: Stores) -> None:
    change = a_sent_change(stores)
    email = email_of(change)
    assert stores.emails.get(email.outbox_id) == email
    assert shown(stores, change.request_after) == "queued"


def test_an_unknown_email_is_none(stores: Stores) -> None:
    assert stores.emails.get("mail_none") is None


def test_an_email_is_claimed_once(stores: Stores) -> None:
    email = email_of(a_sent_change(stores))
    mine, theirs = claim_email(email, "try_1", NOW), claim_email(email, "try_2", NOW)
    assert stores.emails.advance(email, mine)
    assert not stores.emails.advance(email, theirs)
    assert stores.emails.get(email.outbox_id) == mine


def test_only_the_claiming_attempt_can_finish_an_email(stores: Stores) -> None:
    email = email_of(a_sent_change(stores))
    first = claim_email(email, "try_1", NOW)
    stores.emails.advance(email, first)
    put_back = postpone_email(first, "throttled", NOW)
    stores.emails.advance(first, put_back)
    second = claim_email(put_back, "try_2", LATER)
    assert stores.emails.advance(put_back, second)
    assert not stores.emails.advance(first, finish_email(first, EmailStatus.SENT, message_id="m1"))
    assert stores.emails.get(email.outbox_id) == second


@pytest.mark.parametrize("status", [EmailStatus.SENT, EmailStatus.FAILED, EmailStatus.UNKNOWN])
def test_the_request_shows_the_status_of_its_email(stores: Stores, status: EmailStatus) -> None:
    change = a_sent_change(stores)
    email = email_of(change)
    claimed = claim_email(email, "try_1", NOW)
    assert advance(stores, email, claimed)
    assert shown(stores, change.request_after) == "queued"
    assert advance(stores, claimed, finish_email(claimed, status, message_id="m1"))
    assert shown(stores, change.request_after) == status.value


def test_the_request_shows_the_email_of_its_newest_decision(stores: Stores) -> None:
    change = a_sent_change(stores)
    email = email_of(change)
    stores.bookings.commit(reopen(change.request_after, None, a_stamp()))
    claimed = claim_email(email, "try_1", NOW)
    assert advance(stores, email, claimed)
    assert advance(stores, claimed, finish_email(claimed, EmailStatus.SENT, message_id="m1"))
    assert shown(stores, change.request_after) is None
    after = stores.emails.get(email.outbox_id)
    assert after
    assert after.status is EmailStatus.SENT


def test_a_stale_advance_changes_neither_email_nor_request(stores: Stores) -> None:
    change = a_sent_change(stores)
    email = email_of(change)
    sent = finish_email(email, EmailStatus.SENT, message_id="m1")
    assert advance(stores, email, sent)
    assert not advance(stores, email, finish_email(email, EmailStatus.FAILED, failure="bounced"))
    assert stores.emails.get(email.outbox_id) == sent
    assert shown(stores, change.request_after) == "sent"


def test_a_claim_from_a_changed_request_writes_nothing(stores: Stores) -> None:
    """What was rendered is not true any more."""
    change = a_sent_change(stores)
    email, request = email_of(change), change.request_after
    moved = revise(request, accepted=a_slot("2026-07-16T16:00"))
    stores.bookings.commit(ChangeSet(a_stamp("agent"), "pms_changed", request=moved))
    claimed = claim_email(email, "try_1", NOW)
    with pytest.raises(StaleSnapshot) as stale:
        stores.emails.advance(email, claimed, record_claim(request, claimed, request.accepted, NOW))
    assert stale.value.request == moved.after
    assert stores.emails.get(email.outbox_id) == email


def test_a_decision_that_does_not_know_of_a_claimed_email_is_stale(stores: Stores) -> None:
    """A claim makes no new revision, but the decision has to know what the patient was told."""
    change = a_sent_change(stores)
    email, request = email_of(change), change.request_after
    claimed = claim_email(email, "try_1", NOW)
    claim = record_claim(request, claimed, request.accepted, NOW)
    assert stores.emails.advance(email, claimed, claim)
    with pytest.raises(StaleSnapshot) as stale:
        stores.bookings.commit(reopen(request, None, a_stamp()))
    assert stale.value.request == claim.request_after
    stores.bookings.commit(reopen(claim.request_after, None, a_stamp()))


def test_a_failed_email_is_in_the_history(stores: Stores) -> None:
    change = a_sent_change(stores)
    assert advance(stores, email_of(change), finish_email(email_of(change), EmailStatus.FAILED, failure="bounced"))
    entry = stores.bookings.history(change.request_after.id)[-1]
    assert (entry.action, entry.after["attentions"]) == ("mail_failed", ["mail_failed"])


def test_due_emails_are_listed_longest_overdue_first(stores: Stores) -> None:
    """No other test uses a time so late; the list is one for all practices."""
    emails = [email_of(a_sent_change(stores)) for _ in range(4)]
    first, second, third, settled = emails
    claimed = claim_email(second, "try_1", NOW - timedelta(hours=2))
    put_back = postpone_email(claim_email(third, "try_1", NOW), "throttled", NOW - timedelta(hours=3))
    stores.emails.advance(second, claimed)
    stores.emails.advance(third, put_back)
    stores.emails.advance(settled, finish_email(settled, EmailStatus.SENT, message_id="m1"))
    mine = {email.outbox_id for email in emails}
    due = [outbox_id for outbox_id in stores.emails.due(LATER, EVERYTHING) if outbox_id in mine]
    assert due == [third.outbox_id, second.outbox_id, first.outbox_id]


def test_due_emails_to_patients_come_before_those_to_staff(stores: Stores) -> None:
    to_patient = email_of(a_sent_change(stores))
    to_staff = Email(
        outbox_id=new_id("mail", NOW),
        practice_id=a_practice().id,
        kind=EmailKind.OVERDUE,
        correlation_id="clock-1",
        due_at=NOW - timedelta(days=1),
    )
    stores.bookings.commit(ChangeSet(stamp=a_stamp(), action="flag", email=to_staff))
    mine = {to_patient.outbox_id, to_staff.outbox_id}
    due = [outbox_id for outbox_id in stores.emails.due(LATER, EVERYTHING) if outbox_id in mine]
    assert due == [to_patient.outbox_id, to_staff.outbox_id]


def test_an_email_before_its_due_time_is_not_due(stores: Stores) -> None:
    email = email_of(a_sent_change(stores))
    assert email.outbox_id not in stores.emails.due(NOW, EVERYTHING)
    claimed = claim_email(email, "try_1", LATER)
    stores.emails.advance(email, claimed)
    assert email.outbox_id not in stores.emails.due(LATER, EVERYTHING)
    assert email.outbox_id in stores.emails.due(LATER + EMAIL_LEASE, EVERYTHING)


def test_an_unknown_email_is_due_until_it_is_reported(stores: Stores) -> None:
    email = email_of(a_sent_change(stores))
    unknown, report_due = mark_unknown(email, "sender_died", NOW), NOW + DELIVERY_EVENT_TIMEOUT
    stores.emails.advance(email, unknown)
    assert email.outbox_id not in stores.emails.due(report_due - timedelta(seconds=1), EVERYTHING)
    assert email.outbox_id in stores.emails.due(report_due, EVERYTHING)
    stores.emails.advance(unknown, unknown.model_copy(update={"unheard": True}))
    assert email.outbox_id not in stores.emails.due(report_due, EVERYTHING)


@pytest.mark.parametrize(
    "status", [EmailStatus.SENT, EmailStatus.DELIVERED, EmailStatus.SUPERSEDED, EmailStatus.FAILED]
)
def test_a_finished_email_is_never_due(stores: Stores, status: EmailStatus) -> None:
    email = email_of(a_sent_change(stores))
    stores.emails.advance(email, finish_email(email, status))
    assert email.outbox_id not in stores.emails.due(LATER, EVERYTHING)


def test_no_more_emails_than_the_limit_are_returned(stores: Stores) -> None:
    for _ in range(3):
        a_sent_change(stores)
    assert len(stores.emails.due(LATER, 2)) == 2
