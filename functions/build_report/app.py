"""The queue of reports: build a practice's report about a period, store its files and e-mail its managers."""

import json
from datetime import UTC, datetime

from bookings.bootstrap import bootstrap
from bookings.domain.reporting.scheduled_report import ReportPeriod
from bookings.entrypoints.record_batch import queue_handler
from bookings.observability import count_metric, logger
from bookings.reports.report_publisher import publisher
from bookings.use_cases.scheduled_reports import build_report

APP = bootstrap("practices", "bookings", "findings", "reports", "report_files")


@queue_handler
def handler(message: str) -> None:
    wanted = json.loads(message)
    practice_id, period = wanted["practice_id"], ReportPeriod.model_validate(wanted["period"])
    logger.set_correlation_id(period.report_id)
    built = build_report(
        APP.practices,
        APP.bookings,
        APP.findings,
        APP.reports,
        publisher(APP.report_files),
        practice_id,
        period,
        datetime.now(UTC).replace(microsecond=0),
    )
    logger.info("report", practice_id=practice_id, report_id=period.report_id, built=built is not None)
    if built:
        count_metric("ReportsBuilt")
