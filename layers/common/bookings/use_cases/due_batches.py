"""Read due items in batches, until nothing new is due or the time is over."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

MAX_SWEEP_BATCH = 100
"""Due items that a sweep reads in one query. It repeats the query until nothing new is due."""

_Due = TypeVar("_Due", bound=Hashable)


def due_batches(read_due: Callable[[], Sequence[_Due]], has_time: Callable[[], bool]) -> Iterator[tuple[_Due, ...]]:
    """Batches of due items, each item once. Without this, an index that lags would return handled items again."""
    seen: set[_Due] = set()
    while batch := tuple(item for item in read_due() if item not in seen):
        seen.update(batch)
        yield batch
        if not has_time():
            return
