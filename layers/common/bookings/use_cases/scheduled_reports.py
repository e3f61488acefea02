"""Reports by the clock: planned each morning for every practice, built once for each period, listed for managers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bookings.domain.insights.finding import causes_of, findings
from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.wall_time import zone
from bookings.domain.outbox.email import PATIENCE, Letter, LetterKind
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.conversion_report import Days, GroupBy, Report, report
from bookings.domain.reporting.scheduled_report import (
    LEASE,
    GeneratedReport,
    Headline,
    ReportPeriod,
    mornings,
    periods_ending_before,
)
from bookings.use_cases.findings import USUAL_PERIOD_DAYS, Evidence, Shown
from bookings.use_cases.optimistic_transaction import practice_of
from bookings.use_cases.ports import Bookings, Practices

AT_ONCE = 1000
"""Practices looked up together."""

PARTS: tuple[GroupBy, ...] = ("day", "weekday", "hour", "practitioner", "service", "source")
"""The groupings that a report holds."""


class Reports(Protocol):
    """Reports that are made by the clock."""

    def practices_after(self, practice_id: str, limit: int) -> list[tuple[str, str]]:
        """Ids and zones of the practices that follow in the directory of all of them."""

    def planned(self) -> dict[str, date]:
        """By zone, the last morning that was planned to the end."""

    def mark_planned(self, zone: str, morning: date) -> None:
        """Remember that this morning was planned to the end."""

    def claim(self, report: GeneratedReport) -> bool:
        """Take the report in hand; False if it is built, or in somebody's hands."""

    def finish(self, report: GeneratedReport, letter: Letter | None) -> bool:
        """Keep the built report and the letter about it; False if somebody else has it by now."""

    def newest(self, practice_id: str, limit: int) -> list[GeneratedReport]:
        """The practice's reports, newest first."""


class Queue(Protocol):
    """Where builders are told what to build."""

    def ask_for(self, wanted: Sequence[tuple[str, ReportPeriod]]) -> None:
        """Ask for these practices' reports about these periods."""


@dataclass(frozen=True)
class Parts:
    """A report by each of its groupings, whose totals are the same in all, and why requests did not fit.

    The causes are those of the period. Findings need more days than a short period has, so `shown` looks further back.
    """

    by: dict[GroupBy, Report]
    causes: dict[Cause, int]
    shown: Shown

    @property
    def whole(self) -> Report:
        """One of them, for what does not depend on the grouping."""
        return next(iter(self.by.values()))


Publish = Callable[[GeneratedReport, Practice, Parts], None]
"""Puts the report's files where their links lead."""


def plan(reports: Reports, queue: Queue, now: datetime) -> int:
    """Ask for every report that has become due; how many that were.

    The marks move only when all practices have been asked for: a planner that dies is followed by one that asks again,
    and the builder, who builds each period once, does not mind.
    """
    planned = reports.planned()
    due: dict[str, list[date]] = {}
    position, asked = "", 0
    while practices := reports.practices_after(position, AT_ONCE):
        for _, name in practices:
            due.setdefault(name, mornings(zone(name), planned.get(name), now))
        wanted = [
            (practice_id, period)
            for practice_id, name in practices
            for morning in due[name]
            for period in periods_ending_before(morning)
        ]
        queue.ask_for(wanted)
        asked += len(wanted)
        position = practices[-1][0]
    for name, days in due.items():
        if days:
            reports.mark_planned(name, days[-1])
    return asked


def build(
    practices: Practices,
    bookings: Bookings,
    evidence: Evidence,
    reports: Reports,
    publish: Publish,
    practice_id: str,
    period: ReportPeriod,
    now: datetime,
) -> GeneratedReport | None:
    """Build the report, publish it and tell the managers; None if that was done, or is being done, by somebody else."""
    practice = practice_of(practices, practice_id)
    claimed = GeneratedReport(
        practice_id=practice.id,
        report_id=period.report_id,
        period=period,
        attempt_id=new_id("try", now),
        lease_until=now + LEASE,
    )
    if not reports.claim(claimed):
        return None
    parts = _parts(bookings, evidence, practice, Days(period.first_day, period.last_day), now)
    built = claimed.model_copy(update={"built_at": now, "headline": _headline(parts.whole)})
    publish(built, practice, parts)
    return built if reports.finish(built, _letter(built, practice, now)) else None


def _parts(bookings: Bookings, evidence: Evidence, practice: Practice, days: Days, now: datetime) -> Parts:
    """Everything that the report says, from one reading of tallies, misfits and marks."""
    first = min(days.first, days.last - timedelta(days=USUAL_PERIOD_DAYS - 1))
    tallies = bookings.tallies(practice.id, min(days.before.first, first), days.last)
    misfits = evidence.misfits(practice.id, first, days.last)
    told = [one for one in tallies if one.cohort.day >= days.before.first]
    found = findings((one for one in tallies if one.cohort.day >= first), misfits, evidence.handled(practice.id))
    return Parts(
        by={by: report(practice, days, by, told, now.astimezone(practice.zone).date()) for by in PARTS},
        causes=causes_of(one for one in misfits if one.day >= days.first),
        shown=Shown(practice, first, days.last, found),
    )


def _headline(told: Report) -> Headline:
    return Headline(
        received=told.totals.received,
        accepted=told.totals.accepted,
        gross_conversion=told.totals.gross_conversion,
        previous_gross_conversion=told.previous.totals.gross_conversion,
    )


def _letter(built: GeneratedReport, practice: Practice, now: datetime) -> Letter | None:
    if not practice.report_recipients:
        return None
    return Letter(
        outbox_id=new_id("mail", now),
        practice_id=practice.id,
        kind=LetterKind.REPORT,
        report=built,
        correlation_id=built.report_id,
        due_at=now + PATIENCE,
    )
