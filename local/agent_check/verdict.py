"""The verdict of a rule on a recording: PASS, FAIL or NOT SEEN, with a text that says why."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from local.agent_check.recording import Recording


class Outcome(StrEnum):
    """What a rule found."""

    PASS = "PASS"  # noqa: S105  # not a password
    FAIL = "FAIL"
    NOT_SEEN = "NOT SEEN"


@dataclass(frozen=True)
class Verdict:
    """The outcome, and what was seen and expected, or how to provoke what was not seen."""

    outcome: Outcome
    text: str


@dataclass(frozen=True)
class Rule:
    """A rule for agents: its name and the function that judges a recording."""

    name: str
    judge: Callable[[Recording], Verdict]


def passed(seen: str) -> Verdict:
    """The agent keeps the rule."""
    return Verdict(Outcome.PASS, seen)


def failed(seen: str, expected: str) -> Verdict:
    """The agent breaks the rule."""
    return Verdict(Outcome.FAIL, f"saw {seen}; expected {expected}")


def not_seen(provoke: str) -> Verdict:
    """The recording does not show it. The text says how to provoke it."""
    return Verdict(Outcome.NOT_SEEN, provoke)
