"""The sweeps over requests: expiry and overdue e-mails."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings.domain.decisions.close import reject, withdraw
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request, RequestKey, Status
from bookings.use_cases.due_batches import MAX_SWEEP_BATCH
from bookings.use_cases.submit_request import submit_request
from bookings.use_cases.sweep_requests import SweepResult, expire_requests, flag_overdue_requests
from tests.support.builders import (
    A_LARGE_LIMIT,
    NOW,
    a_practice,
    a_rejection,
    a_slot,
    a_stamp,
    a_stranger,
    a_submission,
    an_idempotency_key,
)
from tests.support.in_memory.due_request_store import InMemoryDueRequestStore
from tests.support.practice_harness import PracticeHarness

SOON = "2026-07-01T11:00"
"""An hour after NOW, in Vancouver."""


class SweepHarness:
    """A practice and the sweeps over its requests."""

    def __init__(self, practice: Practice | None = None) -> None:
        self.harness = PracticeHarness(practice)
        self.waiting = InMemoryDueRequestStore(self.harness.bookings)

    def expire(self, at: datetime, steps: int = 1000) -> SweepResult:
        return self._sweep(expire_requests, at, steps)

    def flag(self, at: datetime, steps: int = 1000) -> SweepResult:
        return self._sweep(flag_overdue_requests, at, steps)

    def _sweep(self, sweep: Callable[..., SweepResult], at: datetime, steps: int) -> SweepResult:
        ticks = iter(range(steps))
        stamp = a_stamp("clock", at)
        return sweep(
            self.harness.practices, self.harness.bookings, self.waiting, stamp, lambda: next(ticks, None) is not None
        )

    def submit(self, **wish: Any) -> Request:
        """A request that was submitted by the public form."""
        submission = a_submission(**wish)
        submitted = submit_request(
            self.harness.practices,
            self.harness.bookings,
            self.harness.practice.id,
            submission,
            an_idempotency_key(),
            a_stamp(),
            hourly_limit=A_LARGE_LIMIT,
        )
        request = self.harness.bookings.load(self.harness.practice.id, request_id=submitted.id).request
        assert request
        return request

    def overdue_emails(self) -> list[Email]:
        return [email for email in self.harness.emails if email.kind is EmailKind.OVERDUE]


LATER = NOW + timedelta(hours=1)


def test_a_request_expires_when_its_start_has_passed() -> None:
    sweeps = SweepHarness()
    request = sweeps.harness.request(requested=a_slot(SOON))
    sweeps.expire(LATER - timedelta(seconds=1))
    assert sweeps.harness.stored(request).status is Status.PENDING
    sweeps.expire(LATER)
    assert sweeps.harness.stored(request).status is Status.EXPIRED
    assert sweeps.harness.actions(request) == ["submit", "expire"]
    assert sweeps.harness.tally() == {"received": 1, "status_expired": 1}


def test_an_expired_request_is_counted_and_sends_no_email() -> None:
    sweeps = SweepHarness()
    sweeps.harness.request(requested=a_slot(SOON))
    sweeps.expire(LATER)
    assert sweeps.harness.emails == []


def test_a_decided_request_does_not_expire() -> None:
    sweeps = SweepHarness()
    rejected = sweeps.harness.reject(sweeps.harness.request(requested=a_slot(SOON)))
    accepted = sweeps.harness.accept(sweeps.harness.request(requested=a_slot(SOON), patient=a_stranger()))
    assert sweeps.expire(LATER + timedelta(days=9)).done == ()
    assert [sweeps.harness.stored(one).status for one in (rejected, accepted)] == [Status.REJECTED, Status.ACCEPTED]


def test_a_concurrent_decision_is_not_overwritten() -> None:
    sweeps = SweepHarness()
    request = sweeps.harness.request(requested=a_slot(SOON))
    change = reject(request, a_rejection(), a_stamp())
    sweeps.harness.bookings.before_next_commit = lambda: sweeps.harness.bookings.commit_uninterrupted(change)
    swept = sweeps.expire(LATER)
    assert (swept.done, swept.failed) == ((), ())
    assert sweeps.harness.stored(request).status is Status.REJECTED


def test_a_sweep_continues_until_nothing_is_due() -> None:
    sweeps = SweepHarness()
    for _ in range(MAX_SWEEP_BATCH + 5):
        sweeps.harness.request(requested=a_slot(SOON))
    assert len(sweeps.expire(LATER).done) == MAX_SWEEP_BATCH + 5


def test_a_sweep_without_time_leaves_the_rest_to_the_next() -> None:
    sweeps = SweepHarness()
    for _ in range(3):
        sweeps.harness.request(requested=a_slot(SOON))
    assert len(sweeps.expire(LATER, steps=2).done) == 2
    assert len(sweeps.expire(LATER).done) == 1


@pytest.mark.parametrize("error", [RuntimeError(), Unavailable()], ids=["crash", "storage fails"])
def test_a_request_that_fails_does_not_stop_the_sweep(error: Exception) -> None:
    sweeps = SweepHarness()
    broken = sweeps.harness.request(requested=a_slot("2026-07-01T10:30"))
    sound = sweeps.harness.request(requested=a_slot(SOON))

    def break_once() -> None:
        raise error

    sweeps.harness.bookings.before_next_commit = break_once
    swept = sweeps.expire(LATER)
    assert swept.failed == ((RequestKey(broken.practice_id, broken.id), type(error).__name__),)
    assert swept.done == (RequestKey(sound.practice_id, sound.id),)


def a_practice_with_a_target(minutes: int = 60, **fields: Any) -> Practice:
    return a_practice(
        **{"decision_target_minutes": minutes, "front_desk_recipients": ("desk@harbour.example",), **fields}
    )


def test_the_front_desk_gets_one_email_about_an_overdue_request() -> None:
    sweeps = SweepHarness(a_practice_with_a_target(60))
    request = sweeps.submit()
    assert sweeps.flag(NOW + timedelta(minutes=59)).done == ()
    assert sweeps.flag(NOW + timedelta(minutes=60)).done == (RequestKey(request.practice_id, request.id),)
    (email,) = sweeps.overdue_emails()
    assert email.overdue
    assert email.overdue.waiting == ((request.requested.start, request.received_at),)
    assert sweeps.flag(NOW + timedelta(days=3)).done == ()
    assert sweeps.overdue_emails() == [email]


def test_the_overdue_flag_adds_no_revision() -> None:
    sweeps = SweepHarness(a_practice_with_a_target())
    request = sweeps.submit()
    sweeps.flag(LATER)
    flagged = sweeps.harness.stored(request)
    assert (flagged.overdue, flagged.revision) == (True, request.revision)
    assert sweeps.harness.reject(request).status is Status.REJECTED


def test_overdue_requests_share_one_email_per_practice() -> None:
    sweeps = SweepHarness(a_practice_with_a_target())
    other = PracticeHarness(a_practice_with_a_target())
    sweeps.harness.practices.save(other.practice)
    for _ in range(3):
        sweeps.submit()
    late = sweeps.harness.request(practice_id=other.practice.id, answer_by=LATER)
    sweeps.flag(LATER)
    by_practice = {email.practice_id: email.overdue for email in sweeps.overdue_emails()}
    assert {name: overdue and len(overdue.waiting) for name, overdue in by_practice.items()} == {
        sweeps.harness.practice.id: 3,
        late.practice_id: 1,
    }


def test_the_target_time_counts_working_time_only() -> None:
    """Received two hours before closing, a target of four hours ends two hours after the next opening."""
    practice = a_practice_with_a_target(240)
    sweeps = SweepHarness(practice)
    request = submit_request(
        sweeps.harness.practices,
        sweeps.harness.bookings,
        practice.id,
        a_submission(),
        an_idempotency_key(),
        a_stamp(at=NOW + timedelta(hours=5)),
        hourly_limit=A_LARGE_LIMIT,
    )
    stands = sweeps.harness.bookings.load(practice.id, request_id=request.id).request
    assert stands
    assert stands.answer_by
    assert stands.answer_by.astimezone(practice.zone).isoformat() == "2026-07-02T10:00:00-07:00"


def test_without_a_target_no_request_is_overdue() -> None:
    sweeps = SweepHarness(a_practice_with_a_target(decision_target_minutes=None))
    assert sweeps.submit().answer_by is None
    assert sweeps.flag(NOW + timedelta(days=9)).done == ()


def test_without_recipients_the_overdue_flag_is_still_set() -> None:
    sweeps = SweepHarness(a_practice_with_a_target(front_desk_recipients=()))
    request = sweeps.submit()
    sweeps.flag(LATER)
    assert sweeps.harness.stored(request).overdue
    assert sweeps.overdue_emails() == []


def test_a_request_decided_meanwhile_is_not_in_the_email() -> None:
    sweeps = SweepHarness(a_practice_with_a_target())
    decided, pending = sweeps.submit(), sweeps.submit()
    tried: list[Sequence[RequestKey]] = []
    flag = sweeps.waiting.flag_overdue

    def decided_just_before(keys: Sequence[RequestKey], email: Email | None) -> tuple[RequestKey, ...]:
        if not tried:
            sweeps.harness.reject(decided)
        tried.append(keys)
        return flag(keys, email)

    sweeps.waiting.flag_overdue = decided_just_before  # type: ignore[method-assign]
    sweeps.flag(LATER)
    (email,) = sweeps.overdue_emails()
    assert email.overdue
    assert len(email.overdue.waiting) == 1
    assert (len(tried), sweeps.harness.stored(pending).overdue) == (2, True)
    assert not sweeps.harness.stored(decided).overdue


@pytest.mark.parametrize("status", [Status.REJECTED, Status.CANCELLED])
def test_a_request_that_is_not_pending_is_never_overdue(status: Status) -> None:
    sweeps = SweepHarness(a_practice_with_a_target())
    request = sweeps.submit()
    if status is Status.REJECTED:
        sweeps.harness.reject(request)
    else:
        sweeps.harness.bookings.commit_uninterrupted(withdraw(request, a_stamp("patient")))
    assert sweeps.flag(NOW + timedelta(days=3)).done == ()
