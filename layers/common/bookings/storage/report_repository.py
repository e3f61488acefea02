"""Reports that were made by the clock, and the mornings for which they were planned."""

from datetime import date

from pynamodb.expressions.operand import Path

from bookings.domain.outbox.email import Email
from bookings.domain.reporting.scheduled_report import REPORT_LEASE, ScheduledReport
from bookings.settings import Settings, Table, settings
from bookings.storage.codec import decode_item, encode, encode_entity, encode_item
from bookings.storage.dynamodb import ConditionFailed, Database, Operation, PutItem, connect
from bookings.storage.email_repository import email_item
from bookings.storage.practice_repository import practices_after

_PLANNED = "planned"
"""The partition of the marks, by zone; no practice is called so."""


class DynamoReportRepository:
    """The Reports table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def practices_after(self, practice_id: str, limit: int) -> list[tuple[str, str]]:
        """Ids and zones of the practices that follow in the directory of all of them."""
        return practices_after(self._database, practice_id, limit)

    def planned(self) -> dict[str, date]:
        """By zone, the last morning that was planned to the end."""
        items = self._database.query(Table.REPORTS, Path("practice_id") == _PLANNED, consistent=True)
        rows = map(decode_item, items)
        return {row["report_id"]: date.fromisoformat(row["morning"]) for row in rows}

    def mark_planned(self, zone: str, morning: date) -> None:
        """Remember that this morning was planned to the end."""
        item = encode_item({"practice_id": _PLANNED, "report_id": zone, "morning": morning})
        self._database.write([PutItem(Table.REPORTS, item)])

    def claim(self, report: ScheduledReport) -> bool:
        """Take the report in hand; False if it is built, or in somebody's hands whose lease has not run out."""
        free = Path("report_id").does_not_exist() | (
            (Path("built_at") == encode(None)) & (Path("lease_until") < encode(report.lease_until - REPORT_LEASE))
        )
        return self._written(PutItem(Table.REPORTS, encode_entity(report), free))

    def finish(self, report: ScheduledReport, email: Email | None) -> bool:
        """Keep the built report and put the letter about it into the outbox; False if somebody else has it by now."""
        mine = (Path("attempt_id") == report.attempt_id) & (Path("built_at") == encode(None))
        operations: list[Operation] = [PutItem(Table.REPORTS, encode_entity(report), mine)]
        if email:
            operations.append(PutItem(Table.OUTBOX, email_item(email), Path("outbox_id").does_not_exist()))
        return self._written(*operations)

    def newest(self, practice_id: str, limit: int) -> list[ScheduledReport]:
        """The practice's reports, newest first."""
        items = self._database.query(Table.REPORTS, Path("practice_id") == practice_id, limit=limit, newest_first=True)
        return [ScheduledReport.model_validate(decode_item(item)) for item in items]

    def _written(self, *operations: Operation) -> bool:
        try:
            self._database.write(operations)
        except ConditionFailed:
            return False
        return True


def open_generated_reports(told: Settings | None = None) -> DynamoReportRepository:
    """The reports of this process."""
    return DynamoReportRepository(connect((told or settings()).tables))
