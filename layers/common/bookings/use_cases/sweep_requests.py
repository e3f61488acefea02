"""What the clock does to requests.

Undecided they become overdue, and expire; watched, they may have missed their appointment; accepted, they may lack
evidence.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from bookings.domain.case import Case
from bookings.domain.change_set import Change, Stamp
from bookings.domain.decisions import decide
from bookings.domain.decisions.decision_context import noted
from bookings.domain.kernel.errors import Refusal, Unavailable
from bookings.domain.outbox.email import Letter
from bookings.domain.outbox.overdue_email import RequestName, overdue_letter
from bookings.domain.reporting.quality_flags import miss_evidence
from bookings.domain.requests.request import Move, Status, check_move
from bookings.domain.seen import Seen
from bookings.use_cases.due_batches import rounds
from bookings.use_cases.optimistic_transaction import TRIES, practice_of, request_of, settle
from bookings.use_cases.ports import Bookings, Practices

Names = tuple[RequestName, ...]

AT_ONCE = 100
"""Requests looked up together; a sweep goes on until none is due or its time is over."""

TOLD_AT_ONCE = 50
"""Requests in one letter, and in its transaction."""


class Waiting(Protocol):
    """Requests of all practices that wait for something."""

    def begun(self, now: datetime, limit: int) -> list[RequestName]:
        """Pending requests whose start has passed, longest ago first."""

    def unanswered(self, now: datetime, limit: int) -> list[RequestName]:
        """Pending requests whose practice's target time is over and whose front desk has not been told."""

    def unproven(self, now: datetime, limit: int) -> list[RequestName]:
        """Accepted requests of whose appointment the PMS should have spoken by now."""

    def second_looks(self, now: datetime, limit: int) -> list[RequestName]:
        """Watched requests that are due for a second look."""

    def flag(self, names: Sequence[RequestName], letter: Letter | None) -> tuple[RequestName, ...]:
        """Mark all of them as overdue with the letter about them, or name those that are not waiting any more."""


@dataclass(frozen=True)
class Swept:
    """What a sweep did: the requests it settled, and those at which it failed, by the type of the error."""

    done: tuple[RequestName, ...]
    failed: tuple[tuple[RequestName, str], ...]


def expire(
    practices: Practices, bookings: Bookings, waiting: Waiting, stamp: Stamp, has_time: Callable[[], bool]
) -> Swept:
    """Close every request whose start has passed. Two round trips each; one that was just decided stays as it is."""

    def close(names: Names) -> Names:
        (name,) = names
        practice = practice_of(practices, name.practice_id)
        seen = bookings.see(name.practice_id, request_id=name.request_id)
        if request_of(seen).requested.begins > stamp.at:
            return ()

        def decision(now_seen: Seen) -> Change:
            request = request_of(now_seen)
            check_move(request, Move.EXPIRE)
            return noted(decide.expire(request, stamp), practice)

        settle(bookings, Case(name.practice_id, name.request_id, 0, None, stamp), seen, decision)
        return names

    return _sweep(lambda: waiting.begun(stamp.at, AT_ONCE), _one_by_one, close, has_time)


def flag_overdue(
    practices: Practices, bookings: Bookings, waiting: Waiting, stamp: Stamp, has_time: Callable[[], bool]
) -> Swept:
    """Tell each front desk, once, of the requests that have waited longer than the practice wants."""

    def tell(names: Names) -> Names:
        practice = practice_of(practices, names[0].practice_id)
        left = names
        for _ in range(TRIES):
            requests = [bookings.see(*name[:1], request_id=name.request_id).request for name in left]
            late = [one for one in requests if one and one.status is Status.PENDING and not one.overdue]
            left = tuple(RequestName(practice.id, one.id) for one in late)
            if not left or not waiting.flag(left, overdue_letter(practice, late, stamp)):
                return left
        raise Unavailable

    return _sweep(lambda: waiting.unanswered(stamp.at, AT_ONCE), _by_practice, tell, has_time)


def flag_unproven(bookings: Bookings, waiting: Waiting, stamp: Stamp, has_time: Callable[[], bool]) -> Swept:
    """Note which acceptances the PMS has given no sign of for too long. Two round trips each."""

    def note(names: Names) -> Names:
        (name,) = names
        seen = bookings.see(name.practice_id, request_id=name.request_id)
        case = Case(name.practice_id, name.request_id, 0, None, stamp)
        settle(bookings, case, seen, lambda now_seen: miss_evidence(request_of(now_seen), stamp))
        return names

    return _sweep(lambda: waiting.unproven(stamp.at, AT_ONCE), _one_by_one, note, has_time)


def look_again(
    practices: Practices, bookings: Bookings, waiting: Waiting, stamp: Stamp, has_time: Callable[[], bool]
) -> Swept:
    """Link, or bring up, what the events missed that came too close to a watch. Three round trips for each watch, once.

    Done are the requests for which there was something.
    """

    def look(names: Names) -> Names:
        from bookings.domain.decisions.auto_link import matches_with, second_look  # noqa: PLC0415  # most sweeps have nothing due
        from bookings.domain.matching.candidate_ranking import best_matches  # noqa: PLC0415

        (name,) = names
        practice = practice_of(practices, name.practice_id)
        seen = bookings.see(name.practice_id, request_id=name.request_id)
        before = request_of(seen)
        found = bookings.candidates(practice, before.patient, stamp.at)

        def decision(now_seen: Seen) -> Change:
            request, newer = request_of(now_seen), now_seen.appointment
            matches = matches_with(newer, request, found) if newer else best_matches(request.patient, found)
            return noted(second_look(request, matches, stamp), practice)

        after = settle(bookings, Case(name.practice_id, name.request_id, 0, None, stamp), seen, decision)
        return names if after.revision > before.revision else ()

    return _sweep(lambda: waiting.second_looks(stamp.at, AT_ONCE), _one_by_one, look, has_time)


def _one_by_one(names: Names) -> Iterator[Names]:
    return ((name,) for name in names)


def _by_practice(names: Names) -> Iterator[Names]:
    for _, group in groupby(sorted(names), key=attrgetter("practice_id")):
        of_practice = tuple(group)
        yield from (of_practice[first : first + TOLD_AT_ONCE] for first in range(0, len(of_practice), TOLD_AT_ONCE))


def _sweep(
    look: Callable[[], Sequence[RequestName]],
    share: Callable[[Names], Iterator[Names]],
    handle: Callable[[Names], Names],
    has_time: Callable[[], bool],
) -> Swept:
    """Handle what is due, share by share, until nothing new is."""
    done: list[RequestName] = []
    failed: list[tuple[RequestName, str]] = []
    for due in rounds(look, has_time):
        for names in share(due):
            if not has_time():
                break
            try:
                done += handle(names)
            except Refusal:
                continue  # somebody decided it just now
            except Exception as error:  # noqa: BLE001  # one request must not hold up the others
                failed.append((names[0], type(error).__name__))
    return Swept(tuple(done), tuple(failed))
