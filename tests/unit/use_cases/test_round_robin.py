"""A round-robin run visits every practice, whatever happens at one of them."""

from collections.abc import Callable, Iterator

import pytest

from bookings.domain.practice.practice import Practice
from bookings.use_cases import round_robin
from bookings.use_cases.round_robin import PracticeResult, visit_practices
from tests.support.builders import a_practice
from tests.support.faults import Killed
from tests.support.in_memory.practice_repository import InMemoryPracticeRepository
from tests.support.in_memory.round_robin import InMemoryRoundRobin
from tests.support.seeding import add_practice

NAMES = ["prac_a", "prac_b", "prac_c"]


class Directory:
    """Three practices, and the cursor of an audit."""

    def __init__(self) -> None:
        self.practices = InMemoryPracticeRepository()
        self._round_robin = InMemoryRoundRobin(NAMES)
        for name in NAMES:
            add_practice(self.practices, a_practice(id=name))

    def run(self, look: Callable[[Practice], Iterator[str]], steps: int = 100) -> list[PracticeResult[str]]:
        ticks = iter(range(steps))
        return list(visit_practices(self.practices, self._round_robin, lambda: next(ticks, None) is not None, look))

    def names(self, steps: int = 100) -> list[str]:
        return [result.practice_id for result in self.run(nothing, steps)]


def nothing(_: Practice) -> Iterator[str]:
    yield from ()


@pytest.mark.parametrize("at_once", [1, 2, 3, 50])
def test_a_run_continues_after_the_last_and_then_starts_over(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_robin, "PRACTICES_PER_PAGE", at_once)
    directory = Directory()
    assert directory.names(steps=0) == []
    assert directory.names(steps=2) == NAMES[:2]
    assert directory.names() == NAMES[2:]
    assert directory.names() == NAMES


def test_a_practice_that_fails_does_not_stop_the_others() -> None:
    def look(practice: Practice) -> Iterator[str]:
        yield "first"
        if practice.id == "prac_b":
            raise ValueError("what it says may be personal")
        yield "second"

    both = ("first", "second")
    assert Directory().run(look) == [
        PracticeResult("prac_a", both),
        PracticeResult("prac_b", ("first",), "ValueError"),
        PracticeResult("prac_c", both),
    ]


def test_a_practice_that_cannot_be_read_does_not_stop_the_others() -> None:
    directory = Directory()
    get = directory.practices.get

    def spoilt(practice_id: str) -> Practice | None:
        if practice_id == "prac_a":
            raise ValueError("a row that is no practice")
        return get(practice_id)

    directory.practices.get = spoilt  # type: ignore[method-assign]
    assert [result.error for result in directory.run(nothing)] == ["ValueError", None, None]


def test_the_run_after_a_kill_begins_with_the_next_practice() -> None:
    """Otherwise a practice that exceeds time or memory would end every run."""

    def look(practice: Practice) -> Iterator[str]:
        if practice.id == "prac_b":
            raise Killed
        yield from ()

    directory = Directory()
    with pytest.raises(Killed):
        directory.run(look)
    assert directory.names() == ["prac_c"]
