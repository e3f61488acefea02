"""A practice's report about a period is wanted: build it, keep its files, and put the mail about it into the outbox."""

import json
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.domain.reporting.scheduled_report import ReportPeriod
from bookings.observability import count_metric, flush_metrics, log_crash, logger
from bookings.reports.report_publisher import publisher
from bookings.settings import settings
from bookings.storage.finding_store import open_findings
from bookings.storage.report_files import S3ReportFiles
from bookings.storage.report_repository import open_generated_reports
from bookings.use_cases.scheduled_reports import build_report

STORES, FINDINGS = open_findings()
REPORTS, FILES = open_generated_reports(), S3ReportFiles(settings().reports_bucket)

PROCESSOR = BatchProcessor(event_type=EventType.SQS)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle each message by itself; those that failed are named, and come again."""
    try:
        return process_partial_response(event=event, record_handler=_handle, processor=PROCESSOR, context=context)
    finally:
        flush_metrics()


def _handle(record: SQSRecord) -> None:
    wanted = json.loads(record.body)
    period = ReportPeriod.model_validate(wanted["period"])
    now = datetime.now(UTC).replace(microsecond=0)
    logger.set_correlation_id(period.report_id)
    try:
        built = build_report(
            STORES.practices, STORES.bookings, FINDINGS, REPORTS, publisher(FILES), wanted["practice_id"], period, now
        )
    except Exception as error:  # noqa: BLE001  # raised again, without its text
        log_crash(error)
        raise RuntimeError(type(error).__name__) from None
    logger.info("report", practice_id=wanted["practice_id"], report_id=period.report_id, built=built is not None)
    if built:
        count_metric("ReportsBuilt")
