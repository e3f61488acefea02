"""Report queue: build a practice's report about a period, store its files and e-mail its managers."""

import json
from datetime import UTC, datetime

from bookings.bootstrap import bootstrap
from bookings.domain.reporting.scheduled_report import ReportPeriod
from bookings.entrypoints.record_batch import queue_handler
from bookings.observability import count_metric, logger
from bookings.reports.report_publisher import publisher
from bookings.use_cases.scheduled_reports import build_report

APP = bootstrap("practices", "bookings", "misfits", "reports", "report_files")


@queue_handler
def handler(message: str) -> None:
    order = json.loads(message)
    practice_id, period = order["practice_id"], ReportPeriod.model_validate(order["period"])
    logger.set_correlation_id(period.report_id)
    report = build_report(
        APP.practices,
        APP.bookings,
        APP.misfits,
        APP.reports,
        publisher(APP.report_files.put),
        practice_id,
        period,
        datetime.now(UTC).replace(microsecond=0),
    )
    logger.info("report", practice_id=practice_id, report_id=period.report_id, built=report is not None)
    if report:
        count_metric("ReportsBuilt")
