"""Every practice in turn, without an end: each run goes on where the last one stopped."""

from collections.abc import Callable, Iterator
from typing import Protocol

from bookings.domain.practice import Practice
from bookings.use_cases.ports import Practices

AT_ONCE = 50


class Turns(Protocol):
    """The directory of all practices, and how far through it somebody has come."""

    def practices_after(self, practice_id: str, limit: int) -> list[str]:
        """The ids that follow in the directory of all practices."""

    def position(self) -> str:
        """The practice whose turn was last."""

    def move_to(self, practice_id: str) -> None:
        """Remember the practice whose turn was last."""


def practices_in_turn(practices: Practices, turns: Turns, has_time: Callable[[], bool]) -> Iterator[Practice]:
    """The practices that follow, until time or practices run out; then the next run begins anew."""
    position = turns.position()
    while has_time():
        names = turns.practices_after(position, AT_ONCE)
        for practice_id in names:
            if not has_time():
                break
            practice = practices.get(practice_id)
            if practice:
                yield practice
            position = practice_id
        if not names:
            position = ""
            break
    turns.move_to(position)
