"""What the clock does to requests.

Undecided they become overdue, and expire; watched, they may have missed their appointment; accepted, they may lack
evidence.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.decision import add_decision_context
from bookings.domain.decisions.missing_evidence import flag_missing_evidence
from bookings.domain.decisions.reject import expire
from bookings.domain.kernel.errors import Refusal, Unavailable
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.overdue_email import RequestKey, overdue_email
from bookings.domain.requests.request import Move, Status, check_move
from bookings.use_cases.due_batches import MAX_SWEEP_BATCH, due_batches
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS, decide_and_commit, get_practice, get_request
from bookings.use_cases.ports import BookingStore, DueRequestStore, PracticeRepository

Names = tuple[RequestKey, ...]

MAX_REQUESTS_PER_EMAIL = 50
"""Requests in one letter, and in its transaction."""


@dataclass(frozen=True)
class SweepResult:
    """What a sweep did: the requests it settled, and those at which it failed, by the type of the error."""

    done: tuple[RequestKey, ...]
    failed: tuple[tuple[RequestKey, str], ...]


def expire_requests(
    practices: PracticeRepository,
    bookings: BookingStore,
    waiting: DueRequestStore,
    stamp: Stamp,
    has_time: Callable[[], bool],
) -> SweepResult:
    """Close every request whose start has passed. Two round trips each; one that was just decided stays as it is."""

    def close(names: Names) -> Names:
        (name,) = names
        practice = get_practice(practices, name.practice_id)
        snapshot = bookings.load(name.practice_id, request_id=name.request_id)
        if get_request(snapshot).requested.begins > stamp.at:
            return ()

        def decision(current: Snapshot) -> ChangeSet:
            request = get_request(current)
            check_move(request, Move.EXPIRE)
            return add_decision_context(expire(request, stamp), practice)

        decide_and_commit(
            bookings, CommandContext(name.practice_id, name.request_id, 0, None, stamp), snapshot, decision
        )
        return names

    return _sweep(lambda: waiting.due_to_expire(stamp.at, MAX_SWEEP_BATCH), _one_by_one, close, has_time)


def flag_overdue_requests(
    practices: PracticeRepository,
    bookings: BookingStore,
    waiting: DueRequestStore,
    stamp: Stamp,
    has_time: Callable[[], bool],
) -> SweepResult:
    """Tell each front desk, once, of the requests that have waited longer than the practice wants."""

    def tell(names: Names) -> Names:
        practice = get_practice(practices, names[0].practice_id)
        left = names
        for _ in range(MAX_ATTEMPTS):
            requests = [bookings.load(*name[:1], request_id=name.request_id).request for name in left]
            late = [one for one in requests if one and one.status is Status.PENDING and not one.overdue]
            left = tuple(RequestKey(practice.id, one.id) for one in late)
            if not left or not waiting.flag_overdue(left, overdue_email(practice, late, stamp)):
                return left
        raise Unavailable

    return _sweep(lambda: waiting.due_for_answer(stamp.at, MAX_SWEEP_BATCH), _by_practice, tell, has_time)


def flag_missing_pms_evidence(
    bookings: BookingStore, waiting: DueRequestStore, stamp: Stamp, has_time: Callable[[], bool]
) -> SweepResult:
    """Note which acceptances the PMS has given no sign of for too long. Two round trips each."""

    def note(names: Names) -> Names:
        (name,) = names
        snapshot = bookings.load(name.practice_id, request_id=name.request_id)
        context = CommandContext(name.practice_id, name.request_id, 0, None, stamp)
        decide_and_commit(
            bookings, context, snapshot, lambda current: flag_missing_evidence(get_request(current), stamp)
        )
        return names

    return _sweep(lambda: waiting.due_for_pms_evidence(stamp.at, MAX_SWEEP_BATCH), _one_by_one, note, has_time)


def recheck_watched_requests(
    practices: PracticeRepository,
    bookings: BookingStore,
    waiting: DueRequestStore,
    stamp: Stamp,
    has_time: Callable[[], bool],
) -> SweepResult:
    """Link, or bring up, what the events missed that came too close to a watch. Three round trips for each watch, once.

    Done are the requests for which there was something.
    """

    def look(names: Names) -> Names:
        from bookings.domain.decisions.auto_link import matches_including, recheck_watch  # noqa: PLC0415  # most sweeps have nothing due
        from bookings.domain.matching.candidate_ranking import rank_candidates  # noqa: PLC0415

        (name,) = names
        practice = get_practice(practices, name.practice_id)
        snapshot = bookings.load(name.practice_id, request_id=name.request_id)
        before = get_request(snapshot)
        found = bookings.candidates(practice, before.patient, stamp.at)

        def decision(current: Snapshot) -> ChangeSet:
            request, newer = get_request(current), current.appointment
            matches = matches_including(newer, request, found) if newer else rank_candidates(request.patient, found)
            return add_decision_context(recheck_watch(request, matches, stamp), practice)

        after = decide_and_commit(
            bookings, CommandContext(name.practice_id, name.request_id, 0, None, stamp), snapshot, decision
        )
        return names if after.revision > before.revision else ()

    return _sweep(lambda: waiting.due_for_recheck(stamp.at, MAX_SWEEP_BATCH), _one_by_one, look, has_time)


def _one_by_one(names: Names) -> Iterator[Names]:
    return ((name,) for name in names)


def _by_practice(names: Names) -> Iterator[Names]:
    for _, group in groupby(sorted(names), key=attrgetter("practice_id")):
        of_practice = tuple(group)
        yield from (
            of_practice[first : first + MAX_REQUESTS_PER_EMAIL]
            for first in range(0, len(of_practice), MAX_REQUESTS_PER_EMAIL)
        )


def _sweep(
    look: Callable[[], Sequence[RequestKey]],
    share: Callable[[Names], Iterator[Names]],
    handle: Callable[[Names], Names],
    has_time: Callable[[], bool],
) -> SweepResult:
    """Handle what is due, share by share, until nothing new is."""
    done: list[RequestKey] = []
    failed: list[tuple[RequestKey, str]] = []
    for due in due_batches(look, has_time):
        for names in share(due):
            if not has_time():
                break
            try:
                done += handle(names)
            except Refusal:
                continue  # somebody decided it just now
            except Exception as error:  # noqa: BLE001  # one request must not hold up the others
                failed.append((names[0], type(error).__name__))
    return SweepResult(tuple(done), tuple(failed))
