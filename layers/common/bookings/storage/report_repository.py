"""Scheduled reports, and the last morning for which each time zone's reports were enqueued."""

from datetime import date

from pynamodb.expressions.operand import Path

from bookings.domain.outbox.email import Email
from bookings.domain.reporting.scheduled_report import REPORT_LEASE, ScheduledReport
from bookings.storage.codec import decode_item, encode, encode_entity, encode_item
from bookings.storage.dynamodb import DynamoDb, Operation, PutItem, not_exists
from bookings.storage.practice_repository import next_practices
from bookings.storage.schema import REPORTS
from bookings.storage.transactions import put_email

_ENQUEUED = "planned"
"""The partition of the mornings, by time zone; no practice has this id."""


class DynamoReportRepository:
    """The ReportRepository over the Reports table."""

    def __init__(self, database: DynamoDb) -> None:
        self._database = database

    def next_practices(self, practice_id: str, limit: int) -> list[tuple[str, str]]:
        """Ids and time zones of the practices that follow this id in the directory of all practices."""
        return next_practices(self._database, practice_id, limit)

    def enqueued_mornings(self) -> dict[str, date]:
        """By time zone, the last morning for which all reports were enqueued."""
        rows = map(decode_item, self._database.query(REPORTS, _ENQUEUED, consistent=True))
        return {row[REPORTS.sort]: date.fromisoformat(row["morning"]) for row in rows}

    def mark_enqueued(self, zone: str, morning: date) -> None:
        """Record that all reports of this morning were enqueued."""
        key = dict(REPORTS.key(_ENQUEUED, zone).attributes)
        self._database.write([PutItem(REPORTS, encode_item({**key, "morning": morning}))])

    def claim(self, report: ScheduledReport) -> bool:
        """Take the report to build it; False if it is built, or another builder's lease still runs."""
        is_free = not_exists(REPORTS) | (
            (Path("built_at") == encode(None)) & (Path("lease_until") < encode(report.lease_until - REPORT_LEASE))
        )
        return self._database.try_write(PutItem(REPORTS, encode_entity(report), is_free))

    def finish(self, report: ScheduledReport, email: Email | None) -> bool:
        """Keep the built report and add the e-mail about it to the outbox; False if another builder has claimed it."""
        is_mine = (Path("attempt_id") == report.attempt_id) & (Path("built_at") == encode(None))
        operations: list[Operation] = [PutItem(REPORTS, encode_entity(report), is_mine)]
        if email:
            operations.append(put_email(email))
        return self._database.try_write(*operations)

    def newest(self, practice_id: str, limit: int) -> list[ScheduledReport]:
        """The practice's reports, newest first."""
        items = self._database.query(REPORTS, practice_id, limit=limit, newest_first=True)
        return [ScheduledReport.model_validate(decode_item(item)) for item in items]
