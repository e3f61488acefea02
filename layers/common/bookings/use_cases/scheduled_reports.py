"""Reports by the clock: planned each morning for every practice, built once for each period, listed for managers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.domain.insights.finding import count_causes, detect_findings
from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.wall_time import zone
from bookings.domain.outbox.email import EMAIL_SWEEP_DELAY, Email, EmailKind
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.conversion_report import GroupBy, Report, ReportDays, conversion_report
from bookings.domain.reporting.scheduled_report import (
    REPORT_LEASE,
    Headline,
    ReportPeriod,
    ScheduledReport,
    due_mornings,
    periods_ending_before,
)
from bookings.use_cases.findings import DEFAULT_FINDING_DAYS, FindingsOfPeriod
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.ports import BookingStore, FindingStore, PracticeRepository, ReportQueue, ReportRepository

PRACTICES_PER_PAGE = 1000
"""Practices looked up together."""

GROUPINGS: tuple[GroupBy, ...] = ("day", "weekday", "hour", "practitioner", "service", "source")
"""The groupings that a report holds."""


@dataclass(frozen=True)
class ReportParts:
    """A report by each of its groupings, whose totals are the same in all, and why requests did not fit.

    The causes are those of the period. Findings need more days than a short period has, so `shown` looks further back.
    """

    by: dict[GroupBy, Report]
    causes: dict[Cause, int]
    shown: FindingsOfPeriod

    @property
    def whole(self) -> Report:
        """One of them, for what does not depend on the grouping."""
        return next(iter(self.by.values()))


PublishReport = Callable[[ScheduledReport, Practice, ReportParts], None]
"""Puts the report's files where their links lead."""


def enqueue_due_reports(reports: ReportRepository, queue: ReportQueue, now: datetime) -> int:
    """Ask for every report that has become due; how many that were.

    The marks move only when all practices have been asked for: a planner that dies is followed by one that asks again,
    and the builder, who builds each period once, does not mind.
    """
    planned = reports.enqueued_mornings()
    due: dict[str, list[date]] = {}
    cursor, asked = "", 0
    while practices := reports.next_practices(cursor, PRACTICES_PER_PAGE):
        for _, name in practices:
            due.setdefault(name, due_mornings(zone(name), planned.get(name), now))
        wanted = [
            (practice_id, period)
            for practice_id, name in practices
            for morning in due[name]
            for period in periods_ending_before(morning)
        ]
        queue.enqueue(wanted)
        asked += len(wanted)
        cursor = practices[-1][0]
    for name, days in due.items():
        if days:
            reports.mark_enqueued(name, days[-1])
    return asked


def build_report(
    practices: PracticeRepository,
    bookings: BookingStore,
    store: FindingStore,
    reports: ReportRepository,
    publish: PublishReport,
    practice_id: str,
    period: ReportPeriod,
    now: datetime,
) -> ScheduledReport | None:
    """Build the report, publish it and tell the managers; None if that was done, or is being done, by somebody else."""
    practice = get_practice(practices, practice_id)
    claimed = ScheduledReport(
        practice_id=practice.id,
        report_id=period.report_id,
        period=period,
        attempt_id=new_id("try", now),
        lease_until=now + REPORT_LEASE,
    )
    if not reports.claim(claimed):
        return None
    parts = _parts(bookings, store, practice, ReportDays(period.first_day, period.last_day), now)
    built = claimed.model_copy(update={"built_at": now, "headline": _headline(parts.whole)})
    publish(built, practice, parts)
    return built if reports.finish(built, _email(built, practice, now)) else None


def _parts(
    bookings: BookingStore, store: FindingStore, practice: Practice, days: ReportDays, now: datetime
) -> ReportParts:
    """Everything that the report says, from one reading of tallies, misfits and marks."""
    first = min(days.first, days.last - timedelta(days=DEFAULT_FINDING_DAYS - 1))
    tallies = bookings.tallies(practice.id, min(days.before.first, first), days.last)
    misfits = store.misfits(practice.id, first, days.last)
    told = [one for one in tallies if one.cohort.day >= days.before.first]
    found = detect_findings((one for one in tallies if one.cohort.day >= first), misfits, store.marks(practice.id))
    return ReportParts(
        by={by: conversion_report(practice, days, by, told, now.astimezone(practice.zone).date()) for by in GROUPINGS},
        causes=count_causes(one for one in misfits if one.day >= days.first),
        shown=FindingsOfPeriod(practice, first, days.last, found),
    )


def _headline(told: Report) -> Headline:
    return Headline(
        received=told.totals.received,
        accepted=told.totals.accepted,
        gross_conversion=told.totals.gross_conversion,
        previous_gross_conversion=told.previous.totals.gross_conversion,
    )


def _email(built: ScheduledReport, practice: Practice, now: datetime) -> Email | None:
    if not practice.report_recipients:
        return None
    return Email(
        outbox_id=new_id("mail", now),
        practice_id=practice.id,
        kind=EmailKind.REPORT,
        report=built,
        correlation_id=built.report_id,
        due_at=now + EMAIL_SWEEP_DELAY,
    )
