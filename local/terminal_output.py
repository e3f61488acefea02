"""What the person at the terminal reads: one line a step, one clear line when it cannot go on."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class CannotGoOn(Exception):
    """Something the person at the terminal can put right; the message says how, in one line."""


def say(line: str) -> None:
    """Print one line at once, also when the output goes to a file."""
    print(line, flush=True)


def complain(line: str) -> None:
    """Print one line of trouble."""
    print(f"chairlink: {line}", file=sys.stderr, flush=True)


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Say what is being done, and afterwards how long it took."""
    began = time.monotonic()
    print(f"  {doing} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - began:.1f} s", flush=True)
