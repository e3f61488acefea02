"""Every practice in turn, without an end: each run goes on where the last one stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bookings.domain.practice.practice import Practice
from bookings.use_cases.ports import Practices

AT_ONCE = 50

Found = TypeVar("Found")


class Turns(Protocol):
    """The directory of all practices, and how far through it somebody has come."""

    def practices_after(self, practice_id: str, limit: int) -> list[str]:
        """The ids that follow in the directory of all practices."""

    def position(self) -> str:
        """The practice whose turn was last."""

    def move_to(self, practice_id: str) -> None:
        """Remember the practice whose turn was last."""


@dataclass(frozen=True)
class Turn(Generic[Found]):
    """What was found at one practice, and the type of the error at which the look at it ended, if one did."""

    practice_id: str
    found: tuple[Found, ...]
    error: str | None = None


def take_turns(
    practices: Practices, turns: Turns, has_time: Callable[[], bool], look: Callable[[Practice], Iterator[Found]]
) -> Iterator[Turn[Found]]:
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
        yield Turn(practice_id, tuple(found), error)


def _ids_in_turn(turns: Turns, has_time: Callable[[], bool]) -> Iterator[str]:
    """A turn is taken when it begins: a practice at which the whole run dies is not the first of the next run."""
    position = turns.position()
    while names := turns.practices_after(position, AT_ONCE):
        for position in names:
            if not has_time():
                return
            turns.move_to(position)
            yield position
    turns.move_to("")
