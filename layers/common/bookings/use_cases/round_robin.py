"""Visit every practice in turn: each run starts where the last one stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bookings.domain.practice.practice import Practice
from bookings.use_cases.ports import PracticeRepository, RoundRobin

PRACTICES_PER_PAGE = 50

Found = TypeVar("Found")


@dataclass(frozen=True)
class PracticeResult(Generic[Found]):
    """What the visit of one practice found, and the type of the error that ended it, if one did."""

    practice_id: str
    found: tuple[Found, ...]
    error: str | None = None


def visit_practices(
    practices: PracticeRepository,
    round_robin: RoundRobin,
    has_time: Callable[[], bool],
    visit: Callable[[Practice], Iterator[Found]],
) -> Iterator[PracticeResult[Found]]:
    """Visit the practices after the cursor, until time or practices run out; then the next run starts over."""
    for practice_id in _next_ids(round_robin, has_time):
        found: list[Found] = []
        error = None
        try:
            practice = practices.get(practice_id)
            for one in visit(practice) if practice else ():
                found.append(one)  # noqa: PERF402  # what was found before an error counts
        except Exception as failure:  # noqa: BLE001  # one practice must not hold up the others
            error = type(failure).__name__
        yield PracticeResult(practice_id, tuple(found), error)


def _next_ids(round_robin: RoundRobin, has_time: Callable[[], bool]) -> Iterator[str]:
    """The cursor moves before the visit, so that a practice that kills the run is not the first of the next run."""
    cursor = round_robin.cursor()
    while practice_ids := round_robin.next_practices(cursor, PRACTICES_PER_PAGE):
        for cursor in practice_ids:
            if not has_time():
                return
            round_robin.move_cursor(cursor)
            yield cursor
    round_robin.move_cursor("")
