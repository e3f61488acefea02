"""Every quarter of an hour: enqueue the reports of practices where it is past six in the morning."""

from aws_lambda_powertools.metrics import MetricUnit

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import HasTime, scheduled
from bookings.observability import metrics
from bookings.use_cases.scheduled_reports import enqueue_due_reports

APP = bootstrap("reports", "report_queue")


@scheduled()
def handler(stamp: Stamp, _: HasTime) -> None:
    """Enqueue the due reports, and count them."""
    enqueued = enqueue_due_reports(APP.reports, APP.report_queue, stamp.at)
    metrics.add_metric(name="ReportsPlanned", unit=MetricUnit.Count, value=enqueued)
