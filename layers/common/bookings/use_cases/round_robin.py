"""Every practice in turn, without an end: each run goes on where the last one stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bookings.domain.practice.practice import Practice
from bookings.use_cases.ports import PracticeRepository, RoundRobinStore

PRACTICES_PER_PAGE = 50

Found = TypeVar("Found")


@dataclass(frozen=True)
class PracticeResult(Generic[Found]):
    """What was found at one practice, and the type of the error at which the look at it ended, if one did."""

    practice_id: str
    found: tuple[Found, ...]
    error: str | None = None


def visit_practices(
    practices: PracticeRepository,
    turns: RoundRobinStore,
    has_time: Callable[[], bool],
    look: Callable[[Practice], Iterator[Found]],
) -> Iterator[PracticeResult[Found]]:
    """Look at the practices that follow, until time or practices run out; then the next run begins anew."""
    for practice_id in _ids_in_turn(turns, has_time):
        found: list[Found] = []
        error = None
        try:
            practice = practices.get(practice_id)
            for one in look(practice) if practice else ():
                found.append(one)  # noqa: PERF402  # what was found before an error counts
        except Exception as failure:  # noqa: BLE001  # one practice must not hold up the others
            error = type(failure).__name__
        yield PracticeResult(practice_id, tuple(found), error)


def _ids_in_turn(turns: RoundRobinStore, has_time: Callable[[], bool]) -> Iterator[str]:
    """A turn is taken when it begins: a practice at which the whole run dies is not the first of the next run."""
    cursor = turns.cursor()
    while names := turns.practices_after(cursor, PRACTICES_PER_PAGE):
        for cursor in names:
            if not has_time():
                return
            turns.move_cursor(cursor)
            yield cursor
    turns.move_cursor("")
