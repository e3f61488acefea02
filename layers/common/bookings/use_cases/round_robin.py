"""Visit practices in turn. Each run starts where the last one stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bookings.domain.practice.practice import Practice
from bookings.use_cases.ports import PracticeRepository, RoundRobin

PRACTICES_PER_PAGE = 50
"""Practice ids that one query reads."""

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class PracticeResult(Generic[_Found]):
    """What the visit of one practice found. `error` is the type of the error that ended it, if any."""

    practice_id: str
    found: tuple[_Found, ...]
    error: str | None = None


def visit_practices(
    practices: PracticeRepository,
    round_robin: RoundRobin,
    has_time: Callable[[], bool],
    visit: Callable[[Practice], Iterator[_Found]],
) -> Iterator[PracticeResult[_Found]]:
    """Visit the practices after the cursor, until the time is over. After the last practice, reset the cursor."""
    for practice_id in _next_ids(round_robin, has_time):
        found: list[_Found] = []
        error = None
        try:
            practice = practices.get(practice_id)
            for result in visit(practice) if practice else ():
                found.append(result)  # noqa: PERF402  # keep results from before an error
        except Exception as failure:  # noqa: BLE001  # an error at one practice must not stop the others
            error = type(failure).__name__
        yield PracticeResult(practice_id, tuple(found), error)


def _next_ids(round_robin: RoundRobin, has_time: Callable[[], bool]) -> Iterator[str]:
    """The ids to visit. The cursor moves before each visit, so a visit that kills the run is not repeated first."""
    cursor = round_robin.cursor()
    while practice_ids := round_robin.next_practices(cursor, PRACTICES_PER_PAGE):
        for cursor in practice_ids:
            if not has_time():
                return
            round_robin.move_cursor(cursor)
            yield cursor
    round_robin.move_cursor("")
