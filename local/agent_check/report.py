"""Judges a recording with all rules and formats one line per rule."""

from collections.abc import Iterator, Sequence

from local.agent_check.delivery_rules import DELIVERY_RULES
from local.agent_check.event_rules import EVENT_RULES
from local.agent_check.recording import Recording
from local.agent_check.verdict import Outcome, Verdict
from local.agent_check.write_rules import WRITE_RULES

RULES = (*DELIVERY_RULES, *EVENT_RULES, *WRITE_RULES)
OPTIONAL_RULES = ("secret-rotation",)
"""Rules that need a person to provoke them. The check does not wait for them."""


def judge(recording: Recording) -> dict[str, Verdict]:
    """Rule name -> verdict."""
    return {rule.name: rule.judge(recording) for rule in RULES}


def is_settled(verdicts: dict[str, Verdict]) -> bool:
    """Whether every rule that needs no person was seen."""
    return all(one.outcome is not Outcome.NOT_SEEN or name in OPTIONAL_RULES for name, one in verdicts.items())


def exit_code(recording: Recording, verdicts: dict[str, Verdict]) -> int:
    """1 if a rule failed or the agent called nothing, otherwise 0."""
    has_failed = any(one.outcome is Outcome.FAIL for one in verdicts.values())
    return int(has_failed or not recording.calls)


def report_lines(verdicts: dict[str, Verdict]) -> Iterator[str]:
    """One line per rule, then a line with the totals."""
    for name, verdict in verdicts.items():
        yield f"{verdict.outcome:<9} {name:<17} {verdict.text}"
    yield _totals([verdict.outcome for verdict in verdicts.values()])


def _totals(outcomes: Sequence[Outcome]) -> str:
    counts = ", ".join(f"{outcomes.count(one)} {one}" for one in Outcome)
    return f"{len(outcomes)} rules: {counts}"
