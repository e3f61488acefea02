"""Every hour: ask for the reports of every practice where it has become six o'clock."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.observability import flush_metrics, metrics
from bookings.settings import settings
from bookings.storage.report_queue import SqsReportQueue
from bookings.storage.report_repository import open_generated_reports
from bookings.use_cases.scheduled_reports import enqueue_due_reports

REPORTS, QUEUE = open_generated_reports(), SqsReportQueue(settings().report_queue)


def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  # the schedule has nothing to say
    """Plan, and say how many reports were asked for."""
    asked = enqueue_due_reports(REPORTS, QUEUE, datetime.now(UTC).replace(microsecond=0))
    metrics.add_metric(name="ReportsPlanned", unit=MetricUnit.Count, value=asked)
    flush_metrics()
