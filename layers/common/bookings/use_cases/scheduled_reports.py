"""Scheduled reports: enqueue those that are due each morning, and build each of them once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bookings.domain.insights.detect_findings import DEFAULT_FINDING_DAYS, count_causes, detect_findings
from bookings.domain.insights.finding import FindingsOfPeriod
from bookings.domain.insights.report_content import GROUPINGS, ReportContent
from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.wall_time import get_zone
from bookings.domain.outbox.email import EMAIL_SWEEP_DELAY, Email, EmailKind
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.conversion_report import Report, ReportDays, conversion_report
from bookings.domain.reporting.scheduled_report import (
    REPORT_LEASE,
    Headline,
    ReportPeriod,
    ScheduledReport,
    due_mornings,
    periods_ending_before,
)
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.ports import (
    BookingStore,
    MisfitStore,
    PracticeRepository,
    ReportQueue,
    ReportRepository,
)

REPORTS_PAGE_SIZE = 1000
"""Practices that one query reads."""

PublishReport = Callable[[ScheduledReport, Practice, ReportContent], None]
"""Stores the files of a report where its links lead."""


def enqueue_due_reports(reports: ReportRepository, queue: ReportQueue, now: datetime) -> int:
    """Enqueue every report that is due. Returns their number.

    Mornings are marked as enqueued only after all practices. After a crash, the next run enqueues the same reports
    again. That is safe, because `build_report` builds each report once.
    """
    enqueued_mornings = reports.enqueued_mornings()
    due: dict[str, list[date]] = {}
    cursor, count = "", 0
    while practices := reports.next_practices(cursor, REPORTS_PAGE_SIZE):
        for _, zone_name in practices:
            due.setdefault(zone_name, due_mornings(get_zone(zone_name), enqueued_mornings.get(zone_name), now))
        due_reports = [
            (practice_id, period)
            for practice_id, zone_name in practices
            for morning in due[zone_name]
            for period in periods_ending_before(morning)
        ]
        queue.enqueue(due_reports)
        count += len(due_reports)
        cursor = practices[-1][0]
    for zone_name, mornings in due.items():
        if mornings:
            reports.mark_enqueued(zone_name, mornings[-1])
    return count


def build_report(
    practices: PracticeRepository,
    bookings: BookingStore,
    store: MisfitStore,
    reports: ReportRepository,
    publish: PublishReport,
    practice_id: str,
    period: ReportPeriod,
    now: datetime,
) -> ScheduledReport | None:
    """Build and publish the report, and e-mail the managers; None if another builder has done it, or is doing it."""
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
    parts = _report_parts(bookings, store, practice, ReportDays(period.first_day, period.last_day), now)
    built = claimed.model_copy(update={"built_at": now, "headline": _headline(parts.whole)})
    publish(built, practice, parts)
    return built if reports.finish(built, _report_email(built, practice, now)) else None


def _report_parts(
    bookings: BookingStore, store: MisfitStore, practice: Practice, days: ReportDays, now: datetime
) -> ReportContent:
    """The content of the report, from one read each of tallies, misfits and marks."""
    first_finding_day = min(days.first, days.last - timedelta(days=DEFAULT_FINDING_DAYS - 1))
    tallies = bookings.tallies(practice.id, min(days.before.first, first_finding_day), days.last)
    misfits = store.misfits(practice.id, first_finding_day, days.last)
    reported = [tally for tally in tallies if tally.cohort.day >= days.before.first]
    findings = detect_findings(
        (tally for tally in tallies if tally.cohort.day >= first_finding_day), misfits, store.marks(practice.id)
    )
    today = now.astimezone(practice.zone).date()
    return ReportContent(
        by={grouping: conversion_report(practice, days, grouping, reported, today) for grouping in GROUPINGS},
        causes=count_causes(misfit for misfit in misfits if misfit.day >= days.first),
        shown=FindingsOfPeriod(practice, first_finding_day, days.last, findings),
    )


def _headline(report: Report) -> Headline:
    return Headline(
        received=report.totals.received,
        accepted=report.totals.accepted,
        gross_conversion=report.totals.gross_conversion,
        previous_gross_conversion=report.previous.totals.gross_conversion,
    )


def _report_email(report: ScheduledReport, practice: Practice, now: datetime) -> Email | None:
    if not practice.report_recipients:
        return None
    return Email(
        outbox_id=new_id("mail", now),
        practice_id=practice.id,
        kind=EmailKind.REPORT,
        report=report,
        correlation_id=report.report_id,
        due_at=now + EMAIL_SWEEP_DELAY,
    )
