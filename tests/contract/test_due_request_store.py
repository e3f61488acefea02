"""The sweeps' view of all practices' requests."""

from datetime import timedelta

import pytest

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.accept import accept
from bookings.domain.decisions.auto_link import recheck_watch
from bookings.domain.decisions.close import reject, withdraw
from bookings.domain.decisions.commands import Watching
from bookings.domain.decisions.missing_evidence import flag_missing_evidence
from bookings.domain.decisions.reopen import reopen
from bookings.domain.decisions.watch import RECHECK_DELAY, watch
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.overdue_email import overdue_email
from bookings.domain.reporting.quality_flags import PMS_EVIDENCE_DEADLINE
from bookings.domain.requests.request import Request, RequestKey
from tests.contract.conftest import Stores
from tests.support.builders import NOW, a_practice, a_rejection, a_request, a_slot, a_stamp, an_acceptance
from tests.support.seeding import submit_requests

PRACTICE = a_practice(front_desk_recipients=("desk@harbour.example",), decision_target_minutes=60)
LATER = NOW + timedelta(hours=1)


def asked(stores: Stores, start: str = "2026-07-01T11:00", **fields: object) -> Request:
    slot = a_slot(start)
    request = a_request(practice_id=PRACTICE.id, **{"requested": slot, "answer_by": LATER, **fields})
    submit_requests(stores.bookings, request)
    return request


def name(request: Request) -> RequestKey:
    return RequestKey(request.practice_id, request.id)


def email(*requests: Request) -> Email:
    written = overdue_email(PRACTICE, requests, a_stamp("clock"))
    assert written
    return written


def stands(stores: Stores, request: Request) -> Request:
    found = stores.bookings.load(request.practice_id, request_id=request.id).request
    assert found
    return found


@pytest.fixture
def early(stores: Stores) -> Stores:
    """The stores with all that other tests left decided, so that only a test's own requests are due."""
    for waiting in (stores.due_requests.due_to_expire, stores.due_requests.due_for_answer):
        for each in waiting(NOW + timedelta(days=900), 1000):
            found = stores.bookings.load(each.practice_id, request_id=each.request_id).request
            assert found
            stores.bookings.commit(withdraw(found, a_stamp("patient")))
    return stores


def test_pending_requests_expire_at_their_start_longest_due_first(early: Stores) -> None:
    second, first, later = asked(early), asked(early, "2026-07-01T10:30"), asked(early, "2026-07-01T11:01")
    assert early.due_requests.due_to_expire(LATER, 100) == [name(first), name(second)]
    assert early.due_requests.due_to_expire(LATER, 1) == [name(first)]
    assert name(later) in early.due_requests.due_to_expire(LATER + timedelta(minutes=1), 100)


def test_expiry_compares_instants_and_not_wall_times(early: Stores) -> None:
    east = asked(early, requested=a_slot("2026-07-01T14:00", timezone="America/Toronto"))
    assert early.due_requests.due_to_expire(LATER - timedelta(seconds=1), 100) == []
    assert early.due_requests.due_to_expire(LATER, 100) == [name(east)]


def test_a_decided_request_is_not_due_until_it_is_reopened(early: Stores) -> None:
    request = asked(early)
    rejected = reject(request, a_rejection(), a_stamp())
    early.bookings.commit(rejected)
    assert early.due_requests.due_to_expire(LATER, 100) == early.due_requests.due_for_answer(LATER, 100) == []
    early.bookings.commit(reopen(rejected.request_after, None, a_stamp()))
    assert (
        early.due_requests.due_to_expire(LATER, 100) == early.due_requests.due_for_answer(LATER, 100) == [name(request)]
    )


def test_overdue_flags_and_their_email_are_written_together_once(early: Stores) -> None:
    requests = [asked(early), asked(early)]
    names, told = [name(one) for one in requests], email(*requests)
    assert set(early.due_requests.due_for_answer(LATER, 100)) == set(names)
    assert early.due_requests.flag_overdue(names, told) == ()
    assert all(stands(early, one).overdue for one in requests)
    assert early.emails.get(told.outbox_id) == told
    assert early.due_requests.due_for_answer(LATER, 100) == []
    assert set(early.due_requests.due_to_expire(LATER, 100)) == set(names)
    again = email(*requests)
    assert set(early.due_requests.flag_overdue(names, again)) == set(names)
    assert early.emails.get(again.outbox_id) is None


def test_a_decided_request_prevents_all_flags_and_is_returned(early: Stores) -> None:
    decided, waits = asked(early), asked(early)
    early.bookings.commit(reject(decided, a_rejection(), a_stamp()))
    told = email(decided, waits)
    assert early.due_requests.flag_overdue([name(decided), name(waits)], told) == (name(decided),)
    assert not stands(early, waits).overdue
    assert early.emails.get(told.outbox_id) is None


def test_an_overdue_flag_survives_a_decision_and_its_reopening(early: Stores) -> None:
    request = asked(early)
    early.due_requests.flag_overdue([name(request)], None)
    rejected = reject(stands(early, request), a_rejection(), a_stamp())
    early.bookings.commit(rejected)
    early.bookings.commit(reopen(rejected.request_after, None, a_stamp()))
    assert stands(early, request).overdue
    assert early.due_requests.due_for_answer(LATER, 100) == []


def test_evidence_is_due_after_a_week_until_it_is_flagged(early: Stores) -> None:
    request = asked(early)
    accepted = accept(PRACTICE, request, request.requested, an_acceptance(), {}, a_stamp()).request_after
    lost = revise(accepted, pms_write="timed_out", pms_evidence="awaited").after
    due = NOW + PMS_EVIDENCE_DEADLINE
    early.bookings.commit(ChangeSet(a_stamp(), "accept", request=Edit(request, accepted)))
    assert name(request) not in early.due_requests.due_for_pms_evidence(due, 1000)
    early.bookings.commit(ChangeSet(a_stamp(), "write_timed_out", request=Edit(accepted, lost)))
    assert name(request) not in early.due_requests.due_for_pms_evidence(due - timedelta(seconds=1), 1000)
    assert name(request) in early.due_requests.due_for_pms_evidence(due, 1000)
    assert early.due_requests.due_to_expire(due, 100) == early.due_requests.due_for_answer(due, 100) == []
    early.bookings.commit(flag_missing_evidence(lost, a_stamp("clock", due)))
    assert name(request) not in early.due_requests.due_for_pms_evidence(due, 1000)
    assert stands(early, request).pms_evidence == "missing"


def test_a_watch_is_due_for_one_recheck_unless_decided(early: Stores) -> None:
    first, second = asked(early), asked(early)
    watched_requests = [watch(one, Watching(notify=False), a_stamp()) for one in (first, second)]
    for change in watched_requests:
        early.bookings.commit(change)
    due = NOW + RECHECK_DELAY
    assert not {name(first), name(second)} & set(early.due_requests.due_for_recheck(due - timedelta(seconds=1), 1000))
    assert {name(first), name(second)} <= set(early.due_requests.due_for_recheck(due, 1000))
    early.bookings.commit(recheck_watch(watched_requests[0].request_after, [], a_stamp("clock", due)))
    early.bookings.commit(reject(watched_requests[1].request_after, a_rejection(), a_stamp()))
    assert not {name(first), name(second)} & set(early.due_requests.due_for_recheck(due, 1000))
    assert stands(early, first) == watched_requests[0].request_after.model_copy(update={"look_again_at": None})
    assert first.id in [one.id for one in early.bookings.watched_requests(PRACTICE.id)]


def test_a_request_without_a_target_is_never_due_for_an_answer(early: Stores) -> None:
    asked(early, answer_by=None)
    assert early.due_requests.due_for_answer(NOW + timedelta(days=99), 100) == []
