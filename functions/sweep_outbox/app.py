"""Every five minutes: letters that the stream missed, that a fault put back, or whose sender died."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.domain.outbox.email import EmailStep
from bookings.emails.traces import log_email_outcome
from bookings.observability import flush_metrics, logger, metrics
from bookings.post_office import open_email_sender
from bookings.use_cases.sweep_outbox import sweep_outbox

OFFICE = open_email_sender()

ONE_LETTER = 20_000
"""Milliseconds that a letter may take when everything is slow."""


def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  # the schedule has nothing to say
    """Sweep, and say how many letters were overdue, also when there were none: silence would mean that nobody swept."""
    logger.set_correlation_id(None)
    now = datetime.now(UTC).replace(microsecond=0)
    swept = sweep_outbox(OFFICE, now, lambda: context.get_remaining_time_in_millis() > ONE_LETTER)
    for outcome in swept.outcomes:
        log_email_outcome(outcome)
    metrics.add_metric(name="OutboxStuck", unit=MetricUnit.Count, value=swept.due)
    flush_metrics()
    crashed = sum(outcome.step is EmailStep.CRASHED for outcome in swept.outcomes)
    if crashed:
        raise RuntimeError(f"{crashed} letters could not be handled")
