"""Detect findings: causes of misfits that recur in a segment more often than chance and the rest of the practice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import sqrt
from statistics import NormalDist, median_low
from typing import NamedTuple

from bookings.domain.insights.finding import CONFIDENCE, Finding, FindingMark, Findings, Interval
from bookings.domain.insights.misfit_cause import IGNORED_REASONS, Cause, Misfit
from bookings.domain.insights.recommended_fix import recommend_fix
from bookings.domain.insights.segment import Pattern, Segment, contains, requested_segment, segment_of, wider_segments
from bookings.domain.reporting.tally import Tally

DEFAULT_FINDING_DAYS = 90
"""Days of receipt in which findings are detected, unless others are asked for."""

MIN_MISFITS = 5
"""Minimum number of misfits of one cause in one segment. Fewer are no finding, whatever their share."""

MIN_SHARE = 0.2
"""Minimum share of a segment's requests. A cause of fewer than one in five is not worth the front desk's time."""

MIN_RATIO_TO_ELSEWHERE = 2.0
"""How much more frequent a cause must be in the segment than in the rest of the practice."""

FAMILY_WISE_ERROR_RATE = 0.05
"""The probability of any false finding in a practice without patterns.

It is divided by the number of tests (Bonferroni correction): among a thousand segments, some look unusual by chance.
"""

MAX_REQUEST_IDS = 50
"""How many requests a finding lists."""


def wilson(part: int, whole: int, z: float) -> tuple[float, float]:
    """Wilson's score interval for the share `part / whole`; z is the normal quantile of the confidence."""
    share, z_squared = part / whole, z * z
    center = (share + z_squared / (2 * whole)) / (1 + z_squared / whole)
    margin = z * sqrt(share * (1 - share) / whole + z_squared / (4 * whole * whole)) / (1 + z_squared / whole)
    return max(0.0, center - margin), min(1.0, center + margin)


def decided_requests(tally: Tally) -> int:
    """How many requests could be misfits: accepted, expired, or rejected because of the schedule."""
    counts = tally.counts
    ignored = sum(counts.get(f"reason_{reason}", 0) for reason in IGNORED_REASONS)
    decided = sum(counts.get(f"status_{status}", 0) for status in ("accepted", "rejected", "expired"))
    return decided - ignored


def detect_findings(tallies: Iterable[Tally], misfits: Iterable[Misfit], handled: Sequence[FindingMark]) -> Findings:
    """The findings in the tallies and misfits of the same days of receipt.

    The strongest pattern becomes a finding first, and its misfits count for no other finding. A handled finding comes
    up again only if the requests received after the day of its mark would be a finding by themselves.
    """
    with_cause = [misfit for misfit in misfits if misfit.cause]
    handled_on = {_pattern_of(mark.finding): mark.day for mark in handled}
    evidence = _Evidence(
        [(tally.cohort.day, segment_of(tally.cohort), decided_requests(tally)) for tally in tallies],
        with_cause,
        handled_on,
    )
    return Findings(
        requests=evidence.requests[Segment()],
        misfits=len(with_cause),
        causes=count_causes(with_cause),
        items=tuple(_strongest_first(evidence)),
        handled=tuple(sorted(handled, key=lambda mark: (mark.at, mark.finding_id), reverse=True)),
    )


class _Candidate(NamedTuple):
    """A pattern that is strong enough for a finding: the lower bound of its share, and its counts."""

    low: float
    pattern: Pattern
    misfits: int
    requests: int


class _Evidence:
    """Requests by segment, and the misfits of each pattern that no finding has used yet."""

    def __init__(
        self,
        decided: Sequence[tuple[date, Segment, int]],
        misfits: Sequence[Misfit],
        handled_on: Mapping[Pattern, date],
    ) -> None:
        self.misfits = misfits
        self._misfits_by_cause = Counter(misfit.cause for misfit in misfits)
        self._count_requests(decided, handled_on)
        self.unused: dict[Pattern, dict[str, Misfit]] = {}
        for misfit in misfits:
            for pattern in _patterns_of(misfit):
                self.unused.setdefault(pattern, {})[misfit.request_id] = misfit
        hypotheses = sum(count >= MIN_MISFITS for count in self.requests.values()) * len(Cause)
        self._z = NormalDist().inv_cdf(1 - FAMILY_WISE_ERROR_RATE / max(hypotheses, 1))
        for pattern, day in handled_on.items():
            self.use([misfit for misfit in self.unused.get(pattern, {}).values() if misfit.day <= day])

    def _count_requests(self, decided: Sequence[tuple[date, Segment, int]], handled_on: Mapping[Pattern, date]) -> None:
        """Count the requests of every segment; for handled patterns, also those received after the mark."""
        by_segment_and_day: Counter[tuple[Segment, date]] = Counter()
        for day, segment, count in decided:
            by_segment_and_day[segment, day] += count
        self.requests: Counter[Segment] = Counter()
        for (segment, _), count in by_segment_and_day.items():
            for wider in wider_segments(segment):
                self.requests[wider] += count
        self._requests_since_handled = {
            pattern: sum(
                count
                for (segment, day), count in by_segment_and_day.items()
                if day > handled_day and contains(pattern.segment, segment)
            )
            for pattern, handled_day in handled_on.items()
        }

    def use(self, misfits: Iterable[Misfit]) -> None:
        """Remove these misfits from all patterns."""
        for misfit in misfits:
            for pattern in _patterns_of(misfit):
                self.unused[pattern].pop(misfit.request_id, None)

    def candidates(self) -> Iterator[_Candidate]:
        """The patterns that are frequent enough for a finding."""
        for pattern, misfits in self.unused.items():
            if len(misfits) < MIN_MISFITS or pattern == (Cause.UNEXPLAINED, Segment()):
                continue
            requests = max(self._requests_since_handled.get(pattern, self.requests[pattern.segment]), len(misfits))
            low, _ = wilson(len(misfits), requests, self._z)
            if low > max(MIN_SHARE, MIN_RATIO_TO_ELSEWHERE * self._share_elsewhere(pattern, len(misfits))):
                yield _Candidate(low, pattern, len(misfits), requests)

    def _share_elsewhere(self, pattern: Pattern, misfits_here: int) -> float:
        """The cause's share of the requests outside the segment."""
        requests = self.requests[Segment()] - self.requests[pattern.segment]
        return (self._misfits_by_cause[pattern.cause] - misfits_here) / requests if requests > 0 else 0.0


def _strongest_first(evidence: _Evidence) -> Iterator[Finding]:
    while strongest := max(evidence.candidates(), key=_rank, default=None):
        misfits = sorted(
            evidence.unused[strongest.pattern].values(), key=lambda misfit: misfit.request_id, reverse=True
        )
        yield _finding(strongest, misfits, evidence.misfits)
        evidence.use(misfits)


def _rank(candidate: _Candidate) -> tuple[float, int, bool, str]:
    """Strongest first, then most specific, then with a practitioner rather than a chair or service."""
    segment = candidate.pattern.segment
    return candidate.low, segment.named, segment.practitioner_id is not None, candidate.pattern.id


def _finding(candidate: _Candidate, misfits: Sequence[Misfit], all_misfits: Iterable[Misfit]) -> Finding:
    low, high = wilson(candidate.misfits, candidate.requests, NormalDist().inv_cdf((1 + CONFIDENCE) / 2))
    moves = [misfit.moved_minutes for misfit in misfits if misfit.moved_minutes]
    cause, segment = candidate.pattern
    return Finding(
        id=candidate.pattern.id,
        cause=cause,
        **segment._asdict(),
        misfits=candidate.misfits,
        requests=candidate.requests,
        interval=Interval(low=round(low, 3), high=round(high, 3)),
        usual_move_minutes=median_low(moves) if moves else None,
        instead=dict(Counter(misfit.instead for misfit in misfits if misfit.instead).most_common()),
        causes=count_causes(misfit for misfit in all_misfits if contains(segment, requested_segment(misfit.requested))),
        taken_before=sum(misfit.was_taken_before is True for misfit in misfits),
        request_ids=tuple(misfit.request_id for misfit in misfits[:MAX_REQUEST_IDS]),
        fix=recommend_fix(candidate.pattern, misfits),
    )


def count_causes(misfits: Iterable[Misfit]) -> dict[Cause, int]:
    """How many misfits each cause has, most frequent first. Misfits of reopened requests have no cause."""
    return dict(Counter(misfit.cause for misfit in misfits if misfit.cause).most_common())


def _patterns_of(misfit: Misfit) -> Iterator[Pattern]:
    if misfit.cause:
        for segment in wider_segments(requested_segment(misfit.requested)):
            yield Pattern(misfit.cause, segment)


def _pattern_of(finding: Finding) -> Pattern:
    segment = Segment(finding.weekday, finding.hour, finding.practitioner_id, finding.service_id, finding.chair_id)
    return Pattern(finding.cause, segment)
