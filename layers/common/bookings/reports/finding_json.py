"""Findings as an answer, and in the JSON file of a scheduled report."""

from datetime import datetime, time

from typing_extensions import TypedDict  # Pydantic asks for it on Python 3.11

from bookings.domain.insights.finding import Finding, FindingMark, FindingsOfPeriod, Interval
from bookings.domain.insights.misfit_cause import Cause, Instead
from bookings.domain.insights.recommended_fix import FixCode
from bookings.domain.practice.practice import Practice
from bookings.reports.report_listing import ReportedDays


class DescribedFix(TypedDict):
    """What the practice could change to prevent these misfits."""

    code: FixCode
    start: time | None
    """Local time, for `block_time`."""
    end: time | None
    """Local time, for `block_time`."""
    minutes: int | None
    """For `set_duration` and `raise_lead_time`."""
    text: str
    """The fix as a sentence in the practice's language."""


class DescribedFinding(TypedDict):
    """A cause of misfits that recurs in one segment of the requests."""

    id: str
    """The same for the same cause and segment, on any days."""
    cause: Cause
    weekday: int | None
    """Of the requested start; ISO 8601: 1 is Monday. Null in a field of the segment means any value."""
    hour: int | None
    """Of the requested start, in the practice's time zone."""
    practitioner_id: str | None
    service_id: str | None
    chair_id: str | None
    misfits: int
    """Requests of the segment that did not fit for this cause."""
    requests: int
    """All requests of the segment that were accepted, expired, or rejected because of the schedule."""
    interval: Interval
    """The confidence interval of misfits divided by requests."""
    usual_move_minutes: int | None
    """The most frequent move by the front desk; negative for an earlier time."""
    instead: dict[Instead, int]
    """What was done with the misfits: the number of those that were moved, linked, rejected or have expired."""
    causes: dict[Cause, int]
    """All misfits of the segment by cause; the values are those of `cause`."""
    taken_before: int
    """Misfits whose time was already taken when the patient asked."""
    request_ids: tuple[str, ...]
    """The newest misfits, 50 at most."""
    fix: DescribedFix
    text: str
    """The finding as a sentence in the practice's language."""


class HandledFinding(TypedDict):
    """A finding as it was when a staff member marked it as handled, with who and when."""

    finding: DescribedFinding
    handled_at: datetime
    handled_by: str
    """`staff:<id>`."""
    handled_by_name: str | None
    """The staff member's name."""


class PracticeFindings(ReportedDays):
    """Why requests received on these days did not fit."""

    requests: int
    """Requests that were accepted, expired, or rejected because of the schedule."""
    misfits: int
    """Those of them that did not become what was requested."""
    causes: dict[Cause, int]
    """The misfits by cause."""
    items: list[DescribedFinding]
    """The strongest finding first."""
    handled: list[HandledFinding]
    """Findings that staff marked as handled, and that are hidden until enough new requests have the same cause."""


def to_practice_findings(period: FindingsOfPeriod) -> PracticeFindings:
    """The findings of a period, strongest first, and those that staff marked as handled."""
    findings = period.findings
    return {
        "from": period.first_day,
        "to": period.last_day,
        "requests": findings.requests,
        "misfits": findings.misfits,
        "causes": findings.causes,
        "items": [_to_described_finding(finding, period.practice) for finding in findings.items],
        "handled": [to_handled_finding(mark, period.practice) for mark in findings.handled],
    }


def to_handled_finding(mark: FindingMark, practice: Practice) -> HandledFinding:
    """A finding as it was when a staff member marked it as handled."""
    return {
        "finding": _to_described_finding(mark.finding, practice),
        "handled_at": mark.at,
        "handled_by": mark.by,
        "handled_by_name": mark.by_name,
    }


def _to_described_finding(finding: Finding, practice: Practice) -> DescribedFinding:
    """A finding, described in two sentences in the practice's language."""
    from bookings.reports.finding_sentences import finding_sentence, fix_sentence  # noqa: PLC0415  # a list without findings needs no sentences

    return {
        "id": finding.id,
        "cause": finding.cause,
        "weekday": finding.weekday,
        "hour": finding.hour,
        "practitioner_id": finding.practitioner_id,
        "service_id": finding.service_id,
        "chair_id": finding.chair_id,
        "misfits": finding.misfits,
        "requests": finding.requests,
        "interval": finding.interval,
        "usual_move_minutes": finding.usual_move_minutes,
        "instead": finding.instead,
        "causes": finding.causes,
        "taken_before": finding.taken_before,
        "request_ids": finding.request_ids,
        "fix": {
            "code": finding.fix.code,
            "start": finding.fix.start,
            "end": finding.fix.end,
            "minutes": finding.fix.minutes,
            "text": fix_sentence(finding, practice),
        },
        "text": finding_sentence(finding, practice),
    }
