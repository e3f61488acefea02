"""Findings: causes of misfits that recur in one segment more often than chance explains.

A finding has the number of misfits and requests, the confidence interval of their share, and a recommended fix.
docs/reports.md has the whole rule. The interval is Wilson's (E. B. Wilson, "Probable inference, the law of succession,
and statistical inference", J. Am. Stat. Assoc. 22, 1927).
"""

from dataclasses import dataclass
from datetime import date, datetime

from bookings.domain.insights.misfit_cause import Cause, Instead
from bookings.domain.insights.recommended_fix import Fix
from bookings.domain.kernel.base import Entity
from bookings.domain.practice.practice import Practice

CONFIDENCE = 0.95
"""Confidence level of the interval that a finding shows."""


class Interval(Entity):
    """The confidence interval of the share of misfits, from 0 to 1 (Wilson's score interval)."""

    low: float
    high: float
    confidence: float = CONFIDENCE


class Finding(Entity):
    """A cause that recurs in one segment: `misfits` of its `requests`.

    - The segment is `weekday`, `hour`, `practitioner_id`, `service_id` and `chair_id`; None where any value counts.
    - `usual_move_minutes` is negative for a move to an earlier time.
    - `causes` counts all misfits of the segment by cause.
    - `taken_before` counts the misfits whose time was already taken when the patient asked.
    """

    id: str
    cause: Cause
    weekday: int | None
    hour: int | None
    practitioner_id: str | None
    service_id: str | None
    chair_id: str | None
    misfits: int
    requests: int
    interval: Interval
    usual_move_minutes: int | None
    instead: dict[Instead, int]
    causes: dict[Cause, int]
    taken_before: int
    request_ids: tuple[str, ...]
    fix: Fix


class FindingMark(Entity):
    """The mark of a handled finding: who, when (`day` is local), and the finding at that time."""

    practice_id: str
    finding_id: str
    day: date
    at: datetime
    by: str
    by_name: str | None = None
    finding: Finding


class Findings(Entity):
    """The misfits of some days of receipt: their number by cause, and the findings, strongest first."""

    requests: int
    misfits: int
    causes: dict[Cause, int]
    items: tuple[Finding, ...]
    handled: tuple[FindingMark, ...]


@dataclass(frozen=True)
class FindingsOfPeriod:
    """The findings among the requests received on these days, both included."""

    practice: Practice
    first_day: date
    last_day: date
    findings: Findings
