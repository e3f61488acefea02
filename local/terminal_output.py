"""What the commands print to the terminal: a line per step with its duration, and one line for an error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class CommandError(Exception):
    """The command cannot continue, and the user can fix the cause. The message is one line that says how."""


def print_line(line: str) -> None:
    """Print to standard output, without buffering: the output may go to a file that somebody follows."""
    print(line, flush=True)


def print_error(line: str) -> None:
    """Print to standard error, behind the name of the program."""
    print(f"chairlink: {line}", file=sys.stderr, flush=True)


@contextmanager
def timed_step(description: str) -> Iterator[None]:
    """Print the description when the step starts, and the seconds that it took when it ends."""
    started = time.monotonic()
    print(f"  {description} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)
