"""Requests of all practices that a sweep has work for."""

from datetime import timedelta

import pytest

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.accept import accept
from bookings.domain.decisions.auto_link import recheck_watch
from bookings.domain.decisions.close import reject, withdraw
from bookings.domain.decisions.commands import Watching
from bookings.domain.decisions.dismiss_attention import dismiss
from bookings.domain.decisions.missing_evidence import flag_missing_evidence
from bookings.domain.decisions.reopen import reopen
from bookings.domain.decisions.watch import RECHECK_DELAY, watch
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.overdue_email import overdue_email
from bookings.domain.reporting.quality_flags import PMS_EVIDENCE_DEADLINE
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Request, RequestKey, Status
from tests.contract.conftest import Stores
from tests.support.builders import NOW, a_practice, a_rejection, a_request, a_slot, a_stamp, an_acceptance
from tests.support.seeding import submit_requests

PRACTICE = a_practice(front_desk_recipients=("desk@harbour.example",), decision_target_minutes=60)
LATER = NOW + timedelta(hours=1)


def submit(stores: Stores, start: str = "2026-07-01T11:00", **fields: object) -> Request:
    slot = a_slot(start)
    request = a_request(practice_id=PRACTICE.id, **{"requested": slot, "answer_by": LATER, **fields})
    submit_requests(stores.bookings, request)
    return request


def key(request: Request) -> RequestKey:
    return RequestKey(request.practice_id, request.id)


def email(*requests: Request) -> Email:
    written = overdue_email(PRACTICE, requests, a_stamp("clock"))
    assert written
    return written


def stored(stores: Stores, request: Request) -> Request:
    found = stores.bookings.load(request.practice_id, request_id=request.id).request
    assert found
    return found


@pytest.fixture(autouse=True)
def nothing_is_due(stores: Stores) -> None:
    """Withdraw the requests of earlier tests, so that only a test's own requests are due."""
    for due in (stores.due_requests.due_to_expire, stores.due_requests.due_for_answer):
        for each in due(NOW + timedelta(days=900), 1000):
            found = stores.bookings.load(each.practice_id, request_id=each.request_id).request
            assert found
            stores.bookings.commit(withdraw(found, a_stamp("patient")))


def test_pending_requests_expire_at_their_start_longest_due_first(stores: Stores) -> None:
    second, first, later = (
        submit(stores),
        submit(stores, "2026-07-01T10:30"),
        submit(stores, "2026-07-01T11:01"),
    )
    assert stores.due_requests.due_to_expire(LATER, 100) == [key(first), key(second)]
    assert stores.due_requests.due_to_expire(LATER, 1) == [key(first)]
    assert key(later) in stores.due_requests.due_to_expire(LATER + timedelta(minutes=1), 100)


def test_expiry_compares_instants_and_not_wall_times(stores: Stores) -> None:
    east = submit(stores, requested=a_slot("2026-07-01T14:00", timezone="America/Toronto"))
    assert stores.due_requests.due_to_expire(LATER - timedelta(seconds=1), 100) == []
    assert stores.due_requests.due_to_expire(LATER, 100) == [key(east)]


def test_a_decided_request_is_not_due_until_it_is_reopened(stores: Stores) -> None:
    request = submit(stores)
    rejected = reject(request, a_rejection(), a_stamp())
    stores.bookings.commit(rejected)
    assert stores.due_requests.due_to_expire(LATER, 100) == stores.due_requests.due_for_answer(LATER, 100) == []
    stores.bookings.commit(reopen(rejected.request_after, None, a_stamp()))
    assert (
        stores.due_requests.due_to_expire(LATER, 100)
        == stores.due_requests.due_for_answer(LATER, 100)
        == [key(request)]
    )


def test_overdue_flags_and_their_email_are_written_together_once(stores: Stores) -> None:
    requests = [submit(stores), submit(stores)]
    keys, overdue = [key(one) for one in requests], email(*requests)
    assert set(stores.due_requests.due_for_answer(LATER, 100)) == set(keys)
    assert stores.due_requests.flag_overdue(keys, overdue) == ()
    assert all(stored(stores, one).overdue for one in requests)
    assert stores.emails.get(overdue.outbox_id) == overdue
    assert stores.due_requests.due_for_answer(LATER, 100) == []
    assert set(stores.due_requests.due_to_expire(LATER, 100)) == set(keys)
    again = email(*requests)
    assert set(stores.due_requests.flag_overdue(keys, again)) == set(keys)
    assert stores.emails.get(again.outbox_id) is None


def test_a_decided_request_prevents_all_flags_and_is_returned(stores: Stores) -> None:
    decided, waits = submit(stores), submit(stores)
    stores.bookings.commit(reject(decided, a_rejection(), a_stamp()))
    overdue = email(decided, waits)
    assert stores.due_requests.flag_overdue([key(decided), key(waits)], overdue) == (key(decided),)
    assert not stored(stores, waits).overdue
    assert stores.emails.get(overdue.outbox_id) is None


def test_an_overdue_flag_survives_a_decision_and_its_reopening(stores: Stores) -> None:
    request = submit(stores)
    stores.due_requests.flag_overdue([key(request)], None)
    rejected = reject(stored(stores, request), a_rejection(), a_stamp())
    stores.bookings.commit(rejected)
    stores.bookings.commit(reopen(rejected.request_after, None, a_stamp()))
    assert stored(stores, request).overdue
    assert stores.due_requests.due_for_answer(LATER, 100) == []


def test_evidence_is_due_after_a_week_until_it_is_flagged(stores: Stores) -> None:
    request = submit(stores)
    accepted = accept(PRACTICE, request, request.requested, an_acceptance(), {}, a_stamp()).request_after
    lost = revise(accepted, pms_write="timed_out", pms_evidence="awaited").after
    due = NOW + PMS_EVIDENCE_DEADLINE
    stores.bookings.commit(ChangeSet(a_stamp(), "accept", request=Edit(request, accepted)))
    assert key(request) not in stores.due_requests.due_for_pms_evidence(due, 1000)
    stores.bookings.commit(ChangeSet(a_stamp(), "write_timed_out", request=Edit(accepted, lost)))
    assert key(request) not in stores.due_requests.due_for_pms_evidence(due - timedelta(seconds=1), 1000)
    assert key(request) in stores.due_requests.due_for_pms_evidence(due, 1000)
    assert stores.due_requests.due_to_expire(due, 100) == stores.due_requests.due_for_answer(due, 100) == []
    stores.bookings.commit(flag_missing_evidence(lost, a_stamp("clock", due)))
    assert key(request) not in stores.due_requests.due_for_pms_evidence(due, 1000)
    assert stored(stores, request).pms_evidence == "missing"


def test_a_watch_is_due_for_one_recheck_unless_decided(stores: Stores) -> None:
    first, second = submit(stores), submit(stores)
    watched_requests = [watch(one, Watching(notify=False), a_stamp()) for one in (first, second)]
    for change in watched_requests:
        stores.bookings.commit(change)
    due = NOW + RECHECK_DELAY
    assert not {key(first), key(second)} & set(stores.due_requests.due_for_recheck(due - timedelta(seconds=1), 1000))
    assert {key(first), key(second)} <= set(stores.due_requests.due_for_recheck(due, 1000))
    stores.bookings.commit(recheck_watch(watched_requests[0].request_after, [], a_stamp("clock", due)))
    stores.bookings.commit(reject(watched_requests[1].request_after, a_rejection(), a_stamp()))
    assert not {key(first), key(second)} & set(stores.due_requests.due_for_recheck(due, 1000))
    assert stored(stores, first) == watched_requests[0].request_after.model_copy(update={"look_again_at": None})
    assert first.id in [one.id for one in stores.bookings.watched_requests(PRACTICE.id)]


def test_a_request_without_a_target_is_never_due_for_an_answer(stores: Stores) -> None:
    submit(stores, answer_by=None)
    assert stores.due_requests.due_for_answer(NOW + timedelta(days=99), 100) == []


def test_a_notice_is_due_ten_minutes_after_a_move_until_its_attention_ends(stores: Stores) -> None:
    request = submit(stores)
    moved = revise(request, status=Status.ACCEPTED, attentions=(Attention.MOVED_IN_PMS,), notice_due_at=LATER)
    stores.bookings.commit(ChangeSet(a_stamp("agent"), "pms_changed", request=moved))
    assert key(request) not in stores.due_requests.due_for_notice(LATER - timedelta(seconds=1), 1000)
    assert key(request) in stores.due_requests.due_for_notice(LATER, 1000)
    assert stored(stores, request) == moved.after
    stores.bookings.commit(dismiss(moved.after, a_stamp()))
    assert key(request) not in stores.due_requests.due_for_notice(LATER, 1000)
