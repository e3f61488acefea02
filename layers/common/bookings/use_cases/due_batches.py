"""How a sweep goes about what is due: look after look, until there is nothing new or its time is over."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

MAX_SWEEP_BATCH = 100
"""Items that a sweep reads at once; it goes on until nothing is due or its time is over."""

_Due = TypeVar("_Due", bound=Hashable)


def due_batches(look: Callable[[], Sequence[_Due]], has_time: Callable[[], bool]) -> Iterator[tuple[_Due, ...]]:
    """What each look finds due for the first time. An index may still show what has just been done."""
    known: set[_Due] = set()
    while due := tuple(one for one in look() if one not in known):
        known.update(due)
        yield due
        if not has_time():
            return
