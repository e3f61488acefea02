"""Scheduled reports in memory."""

from datetime import date

from bookings.domain.outbox.email import Email
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.scheduled_report import REPORT_LEASE, ScheduledReport


class InMemoryReportRepository:
    """The ReportRepository of these practices in memory. `emails` is the outbox, `mornings` what was enqueued."""

    def __init__(self, *practices: Practice) -> None:
        self.directory = sorted((one.id, one.timezone) for one in practices)
        self.mornings: dict[str, date] = {}
        self.reports: dict[tuple[str, str], ScheduledReport] = {}
        self.emails: list[Email] = []

    def next_practices(self, practice_id: str, limit: int) -> list[tuple[str, str]]:
        return [one for one in self.directory if one[0] > practice_id][:limit]

    def enqueued_mornings(self) -> dict[str, date]:
        return dict(self.mornings)

    def mark_enqueued(self, zone: str, morning: date) -> None:
        self.mornings[zone] = morning

    def claim(self, report: ScheduledReport) -> bool:
        stored = self.reports.get((report.practice_id, report.report_id))
        if stored and (stored.built_at or stored.lease_until >= report.lease_until - REPORT_LEASE):
            return False
        self.reports[report.practice_id, report.report_id] = report
        return True

    def finish(self, report: ScheduledReport, email: Email | None) -> bool:
        stored = self.reports[report.practice_id, report.report_id]
        if stored.built_at or stored.attempt_id != report.attempt_id:
            return False
        self.reports[report.practice_id, report.report_id] = report
        self.emails += [email] if email else []
        return True

    def newest(self, practice_id: str, limit: int) -> list[ScheduledReport]:
        found = [one for (of, _), one in sorted(self.reports.items(), reverse=True) if of == practice_id]
        return found[:limit]
