"""Findings: causes of misfits that repeat themselves in one place more often than chance and the rest of the practice.

A finding tells how many of how many, with Wilson's interval (E. B. Wilson, "Probable inference, the law of succession,
and statistical inference", J. Am. Stat. Assoc. 22, 1927), and what could be changed. docs/reports.md has the rule.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from math import sqrt
from statistics import NormalDist, median_low
from typing import NamedTuple

from bookings.domain.insights.misfit_cause import IGNORED_REASONS, Cause, Instead, Misfit
from bookings.domain.insights.recommended_fix import Fix, recommend_fix
from bookings.domain.insights.segment import Pattern, Segment, contains, requested_segment, segment_of, wider_segments
from bookings.domain.kernel.base import Entity
from bookings.domain.reporting.tally import Tally

MIN_MISFITS = 5
"""Misfits of one cause in one place; fewer are silent, whatever their share."""

MIN_SHARE = 0.2
"""A cause that spoils fewer than one request in five of a place is not worth a front desk's time."""

MIN_RATIO_TO_ELSEWHERE = 2.0
"""How much more often than in the rest of the practice a cause must come up in a place, to be the place's."""

FAMILY_WISE_ERROR_RATE = 0.05
"""The chance that any finding at all comes up where nothing is to be found: shared among all places looked at, since
whoever looks at a thousand places sees something in one of them (Bonferroni's correction)."""

CONFIDENCE = 0.95
"""Of the interval that is shown."""

MAX_REQUEST_IDS = 50


class Interval(Entity):
    """Between which shares the true one is, as far as so few requests can tell."""

    low: float
    high: float
    confidence: float = CONFIDENCE


class Finding(Entity):
    """A cause that repeats itself: `misfits` of `requests` in a place. A move to an earlier time is negative."""

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
    """Somebody has seen to a finding: who, when, and the finding as they saw it. `day` is the practice's own."""

    practice_id: str
    finding_id: str
    day: date
    at: datetime
    by: str
    by_name: str | None = None
    finding: Finding


class Findings(Entity):
    """Why requests did not fit over some days of receipt: causes counted, and the findings, strongest first."""

    requests: int
    misfits: int
    causes: dict[Cause, int]
    items: tuple[Finding, ...]
    handled: tuple[FindingMark, ...]


def wilson(part: int, whole: int, z: float) -> tuple[float, float]:
    """Wilson's score interval for a share; z is the normal quantile that its confidence asks for."""
    share, square = part / whole, z * z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def decided_requests(tally: Tally) -> int:
    """The requests of a tally that could have been misfits: accepted, expired, rejected for the schedule's sake."""
    told = tally.counts
    noise = sum(told.get(f"reason_{reason}", 0) for reason in IGNORED_REASONS)
    return told.get("status_accepted", 0) + told.get("status_rejected", 0) + told.get("status_expired", 0) - noise


def detect_findings(tallies: Iterable[Tally], misfits: Iterable[Misfit], handled: Sequence[FindingMark]) -> Findings:
    """What the tallies and misfits of the same days of receipt show.

    The strongest pattern is told first, and its requests are told by no other. A handled finding is silent until what
    came in after the day on which it was handled would be a finding by itself.
    """
    standing = [one for one in misfits if one.cause]
    marks = {_pattern(mark.finding): mark.day for mark in handled}
    seen = _Evidence(
        [(tally.cohort.day, segment_of(tally.cohort), decided_requests(tally)) for tally in tallies], standing, marks
    )
    return Findings(
        requests=seen.requests[Segment()],
        misfits=len(standing),
        causes=count_causes(standing),
        items=tuple(_found(seen)),
        handled=tuple(sorted(handled, key=lambda mark: (mark.at, mark.finding_id), reverse=True)),
    )


class _PatternCount(NamedTuple):
    """A pattern, how surely it is one, and its counts."""

    low: float
    pattern: Pattern
    misfits: int
    requests: int


class _Evidence:
    """Requests and misfits by place, and which misfits no finding has told yet."""

    def __init__(
        self,
        counted: Sequence[tuple[date, Segment, int]],
        misfits: Sequence[Misfit],
        marks: Mapping[Pattern, date],
    ) -> None:
        self.misfits = misfits
        self.requests: Counter[Segment] = Counter()
        cells: Counter[tuple[Segment, date]] = Counter()
        for day, place, number in counted:
            cells[place, day] += number
        for (place, _), number in cells.items():
            for wide in wider_segments(place):
                self.requests[wide] += number
        self._fresh = {
            pattern: sum(n for (place, day), n in cells.items() if day > since and contains(pattern.place, place))
            for pattern, since in marks.items()
        }
        self.untold: dict[Pattern, dict[str, Misfit]] = {}
        for one in misfits:
            for pattern in _patterns(one):
                self.untold.setdefault(pattern, {})[one.request_id] = one
        self.total = Counter(one.cause for one in misfits)
        looked_at = sum(number >= MIN_MISFITS for number in self.requests.values()) * len(Cause)
        self.z = NormalDist().inv_cdf(1 - FAMILY_WISE_ERROR_RATE / max(looked_at, 1))
        for pattern, since in marks.items():
            self.tell(one for one in list(self.untold.get(pattern, {}).values()) if one.day <= since)

    def tell(self, told: Iterable[Misfit]) -> None:
        """These misfits are spoken for."""
        for one in told:
            for pattern in _patterns(one):
                self.untold[pattern].pop(one.request_id, None)

    def candidates(self) -> Iterator[_PatternCount]:
        """The patterns that are findings."""
        for pattern, misfits in self.untold.items():
            if len(misfits) < MIN_MISFITS or pattern == (Cause.UNEXPLAINED, Segment()):
                continue
            requests = max(self._fresh.get(pattern, self.requests[pattern.place]), len(misfits))
            low, _ = wilson(len(misfits), requests, self.z)
            if low > max(MIN_SHARE, MIN_RATIO_TO_ELSEWHERE * self._elsewhere(pattern, len(misfits))):
                yield _PatternCount(low, pattern, len(misfits), requests)

    def _elsewhere(self, pattern: Pattern, here: int) -> float:
        """The cause's share among the requests of all other places."""
        rest = self.requests[Segment()] - self.requests[pattern.place]
        return (self.total[pattern.cause] - here) / rest if rest > 0 else 0.0


def _found(seen: _Evidence) -> Iterator[Finding]:
    while best := max(seen.candidates(), key=_rank, default=None):
        told = sorted(seen.untold[best.pattern].values(), key=lambda one: one.request_id, reverse=True)
        yield _finding(best, told, seen.misfits)
        seen.tell(told)


def _rank(found: _PatternCount) -> tuple[float, int, bool, str]:
    """Strongest first; among equals what says most, and rather a person than a chair or a service."""
    place = found.pattern.place
    return found.low, place.named, place.practitioner_id is not None, found.pattern.id


def _finding(found: _PatternCount, told: Sequence[Misfit], misfits: Iterable[Misfit]) -> Finding:
    low, high = wilson(found.misfits, found.requests, NormalDist().inv_cdf((1 + CONFIDENCE) / 2))
    moves = [one.moved_minutes for one in told if one.moved_minutes]
    cause, place = found.pattern
    return Finding(
        id=found.pattern.id,
        cause=cause,
        **place._asdict(),
        misfits=found.misfits,
        requests=found.requests,
        interval=Interval(low=round(low, 3), high=round(high, 3)),
        usual_move_minutes=median_low(moves) if moves else None,
        instead=dict(Counter(one.instead for one in told if one.instead).most_common()),
        causes=count_causes(one for one in misfits if contains(place, requested_segment(one.requested))),
        taken_before=sum(one.was_taken_before is True for one in told),
        request_ids=tuple(one.request_id for one in told[:MAX_REQUEST_IDS]),
        fix=recommend_fix(found.pattern, told),
    )


def count_causes(misfits: Iterable[Misfit]) -> dict[Cause, int]:
    """How many misfits each cause has made, most first; those taken back have none."""
    return dict(Counter(one.cause for one in misfits if one.cause).most_common())


def _patterns(one: Misfit) -> Iterator[Pattern]:
    if one.cause:
        for place in wider_segments(requested_segment(one.requested)):
            yield Pattern(one.cause, place)


def _pattern(one: Finding) -> Pattern:
    return Pattern(one.cause, Segment(one.weekday, one.hour, one.practitioner_id, one.service_id, one.chair_id))
