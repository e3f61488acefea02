"""Runs a test of a race in many rounds: a race that is lost once in a hundred times is lost."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import pytest


def in_rounds(few: int, many: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run the test `few` times, and the remaining rounds up to `many` in `make soak`, as one test each.

    The test takes the `round_number`; its fixtures are the same in every round.
    """

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        def run(rounds: range, **fixtures: Any) -> None:
            for number in rounds:
                try:
                    test(round_number=number, **fixtures)
                except BaseException as error:
                    error.add_note(f"in round {number}")
                    raise

        functools.update_wrapper(run, test)
        del run.__wrapped__  # type: ignore[attr-defined]  # pytest must see the parameters of `run`
        fixtures = [one for name, one in inspect.signature(test).parameters.items() if name != "round_number"]
        rounds = inspect.Parameter("rounds", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        run.__signature__ = inspect.Signature([rounds, *fixtures])  # type: ignore[attr-defined]
        soak = pytest.param(range(few, many), marks=pytest.mark.soak, id="soak")
        marked: Callable[..., None] = pytest.mark.parametrize("rounds", [pytest.param(range(few), id="few"), soak])(run)
        return marked

    return decorate
