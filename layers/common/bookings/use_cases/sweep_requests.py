"""Sweeps over requests: expire, flag as overdue, flag missing PMS evidence, recheck watched ones, notify of moves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.close import expire
from bookings.domain.decisions.decision_change_set import add_decision_context
from bookings.domain.decisions.missing_evidence import flag_missing_evidence
from bookings.domain.decisions.notify import notify_of_move
from bookings.domain.kernel.errors import Refusal, Unavailable
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.overdue_email import overdue_email
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Move, RequestKey, Status, check_move
from bookings.use_cases.due_batches import MAX_SWEEP_BATCH, due_batches
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS, decide_and_commit, get_practice, get_request
from bookings.use_cases.ports import BookingStore, DueRequestStore, PracticeRepository

_Keys = tuple[RequestKey, ...]

MAX_REQUESTS_PER_EMAIL = 50
"""Requests in one overdue e-mail, and in its transaction."""


@dataclass(frozen=True)
class SweepResult:
    """The requests that a sweep handled, and those where it failed, with the type of the error."""

    done: tuple[RequestKey, ...]
    failed: tuple[tuple[RequestKey, str], ...]


def expire_requests(
    practices: PracticeRepository,
    bookings: BookingStore,
    due_requests: DueRequestStore,
    stamp: Stamp,
    has_time: Callable[[], bool],
) -> SweepResult:
    """Expire pending requests whose start has passed. Two round trips each."""

    def expire_one(keys: _Keys) -> _Keys:
        (key,) = keys
        practice = get_practice(practices, key.practice_id)
        snapshot = bookings.load(key.practice_id, request_id=key.request_id)
        if get_request(snapshot).requested.begins > stamp.at:
            return ()

        def decision(current: Snapshot) -> ChangeSet:
            request = get_request(current)
            check_move(request, Move.EXPIRE)
            return add_decision_context(expire(request, stamp), practice)

        decide_and_commit(
            bookings, CommandContext(key.practice_id, key.request_id, (), None, stamp), snapshot, decision
        )
        return keys

    return _sweep(lambda: due_requests.due_to_expire(stamp.at, MAX_SWEEP_BATCH), _one_by_one, expire_one, has_time)


def flag_overdue_requests(
    practices: PracticeRepository,
    bookings: BookingStore,
    due_requests: DueRequestStore,
    stamp: Stamp,
    has_time: Callable[[], bool],
) -> SweepResult:
    """Flag requests that are pending for longer than the practice's target, and e-mail its front desk once."""

    def flag_and_email(keys: _Keys) -> _Keys:
        practice = get_practice(practices, keys[0].practice_id)
        remaining = keys
        for _ in range(MAX_ATTEMPTS):
            requests = [bookings.load(practice.id, request_id=key.request_id).request for key in remaining]
            overdue = [
                request for request in requests if request and request.status is Status.PENDING and not request.overdue
            ]
            remaining = tuple(RequestKey(practice.id, request.id) for request in overdue)
            if not remaining or not due_requests.flag_overdue(remaining, overdue_email(practice, overdue, stamp)):
                return remaining
        raise Unavailable

    return _sweep(
        lambda: due_requests.due_for_answer(stamp.at, MAX_SWEEP_BATCH), _by_practice, flag_and_email, has_time
    )


def flag_missing_pms_evidence(
    bookings: BookingStore, due_requests: DueRequestStore, stamp: Stamp, has_time: Callable[[], bool]
) -> SweepResult:
    """Flag accepted requests whose appointment the PMS has not reported in time. Two round trips each."""

    def flag_one(keys: _Keys) -> _Keys:
        (key,) = keys
        snapshot = bookings.load(key.practice_id, request_id=key.request_id)
        context = CommandContext(key.practice_id, key.request_id, (), None, stamp)
        decide_and_commit(
            bookings, context, snapshot, lambda current: flag_missing_evidence(get_request(current), stamp)
        )
        return keys

    return _sweep(lambda: due_requests.due_for_pms_evidence(stamp.at, MAX_SWEEP_BATCH), _one_by_one, flag_one, has_time)


def recheck_watched_requests(
    practices: PracticeRepository,
    bookings: BookingStore,
    due_requests: DueRequestStore,
    stamp: Stamp,
    has_time: Callable[[], bool],
) -> SweepResult:
    """Check each new watch once more, for events that were already being processed when it was set.

    Takes three round trips each. `done` has only the requests that were changed.
    """

    def recheck_one(keys: _Keys) -> _Keys:
        from bookings.domain.decisions.auto_link import matches_including, recheck_watch  # noqa: PLC0415  # in most runs nothing is due
        from bookings.domain.matching.candidate_ranking import rank_candidates  # noqa: PLC0415

        (key,) = keys
        practice = get_practice(practices, key.practice_id)
        snapshot = bookings.load(key.practice_id, request_id=key.request_id)
        before = get_request(snapshot)
        candidates = bookings.candidates(practice, before.patient, stamp.at)

        def decision(current: Snapshot) -> ChangeSet:
            request, appointment = get_request(current), current.appointment
            matches = (
                matches_including(appointment, request, candidates)
                if appointment
                else rank_candidates(request.patient, candidates)
            )
            return add_decision_context(recheck_watch(request, matches, stamp), practice)

        after = decide_and_commit(
            bookings, CommandContext(key.practice_id, key.request_id, (), None, stamp), snapshot, decision
        )
        return keys if after.revision > before.revision else ()

    return _sweep(lambda: due_requests.due_for_recheck(stamp.at, MAX_SWEEP_BATCH), _one_by_one, recheck_one, has_time)


def notify_of_moves(
    practices: PracticeRepository,
    bookings: BookingStore,
    due_requests: DueRequestStore,
    stamp: Stamp,
    has_time: Callable[[], bool],
) -> SweepResult:
    """Tell patients of moves in the PMS that nothing has followed for the quiet time.

    Takes two round trips each. `done` has only the requests whose patient is told.
    """

    def notify_one(keys: _Keys) -> _Keys:
        (key,) = keys
        practice = get_practice(practices, key.practice_id)
        snapshot = bookings.load(key.practice_id, request_id=key.request_id)
        after = decide_and_commit(
            bookings,
            CommandContext(key.practice_id, key.request_id, (), None, stamp),
            snapshot,
            lambda current: notify_of_move(practice, get_request(current), stamp),
        )
        return () if Attention.MOVED_IN_PMS in after.attentions else keys

    return _sweep(lambda: due_requests.due_for_notice(stamp.at, MAX_SWEEP_BATCH), _one_by_one, notify_one, has_time)


def _one_by_one(keys: _Keys) -> Iterator[_Keys]:
    return ((key,) for key in keys)


def _by_practice(keys: _Keys) -> Iterator[_Keys]:
    for _, group in groupby(sorted(keys), key=attrgetter("practice_id")):
        practice_keys = tuple(group)
        yield from (
            practice_keys[first : first + MAX_REQUESTS_PER_EMAIL]
            for first in range(0, len(practice_keys), MAX_REQUESTS_PER_EMAIL)
        )


def _sweep(
    read_due: Callable[[], Sequence[RequestKey]],
    split: Callable[[_Keys], Iterator[_Keys]],
    handle: Callable[[_Keys], _Keys],
    has_time: Callable[[], bool],
) -> SweepResult:
    """Handle due requests, in the groups that `split` makes, until nothing new is due or the time is over."""
    done: list[RequestKey] = []
    failed: list[tuple[RequestKey, str]] = []
    for batch in due_batches(read_due, has_time):
        for keys in split(batch):
            if not has_time():
                break
            try:
                done += handle(keys)
            except Exception as error:  # noqa: BLE001  # an error with one request must not stop the others
                if isinstance(error, Refusal) and not isinstance(error, Unavailable):
                    continue  # it was decided after the query
                failed.append((keys[0], type(error).__name__))
    return SweepResult(tuple(done), tuple(failed))
