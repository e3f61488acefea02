"""Every five minutes: send overdue e-mails, and mark those whose sender died."""

from aws_lambda_powertools.metrics import MetricUnit

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import EmailStep
from bookings.entrypoints.schedule import EMAIL_STEP_MS, HasTime, scheduled
from bookings.observability import log_email_outcome, metrics
from bookings.use_cases.sweep_outbox import sweep_outbox

APP = bootstrap("email_sender")


@scheduled(EMAIL_STEP_MS)
def handler(stamp: Stamp, has_time: HasTime) -> None:
    """Count the due e-mails, also if there are none, so that a missing metric shows that no sweep ran."""
    sweep = sweep_outbox(APP.email_sender, stamp.at, has_time)
    for outcome in sweep.outcomes:
        log_email_outcome(outcome)
    metrics.add_metric(name="OutboxStuck", unit=MetricUnit.Count, value=sweep.due)
    crashed = sum(outcome.step is EmailStep.CRASHED for outcome in sweep.outcomes)
    if crashed:
        raise RuntimeError(f"{crashed} e-mails could not be handled")
