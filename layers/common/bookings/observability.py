"""Structured logs and business metrics: ids, codes and durations, never a person's data."""

import os
import traceback

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from bookings.domain.outbox.email import EmailOutcome, EmailStep
from bookings.domain.requests.request import Move, Request

logger = Logger(function_name=os.environ.get("AWS_LAMBDA_FUNCTION_NAME"))
"""All functions log into one group, so each line names its function."""

metrics = Metrics()

_DECISION_METRICS = {Move.ACCEPT: "RequestsAccepted", Move.LINK: "RequestsLinked", Move.REJECT: "RequestsRejected"}

_EMAIL_METRICS = {
    EmailStep.SENT: "EmailsSent",
    EmailStep.FAILED: "EmailsFailed",
    EmailStep.UNKNOWN: "EmailsUnknown",
    EmailStep.UNREPORTED: "EmailsUnreported",
    EmailStep.PARKED: "EmailsParked",
    EmailStep.THROTTLED: "EmailsThrottled",
}
_EMAIL_WARNINGS = {
    EmailStep.FAILED,
    EmailStep.UNKNOWN,
    EmailStep.UNREPORTED,
    EmailStep.PARKED,
    EmailStep.THROTTLED,
    EmailStep.POSTPONED,
    EmailStep.CRASHED,
}


def log_crash(error: BaseException) -> None:
    """Log an unexpected error by its type and place. Its text is left out: it may quote what a patient wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    logger.error(
        "crash",
        error=type(error).__name__,
        at=[f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames[-8:]],
    )


def log_email_outcome(outcome: EmailOutcome) -> None:
    """Log and count what was done about an e-mail, under the correlation id of the call that it comes from."""
    if outcome.correlation_id:
        logger.set_correlation_id(outcome.correlation_id)
    log = logger.warning if outcome.step in _EMAIL_WARNINGS else logger.info
    log("email", outbox_id=outcome.outbox_id, step=outcome.step.value, code=outcome.code)
    if outcome.step in _EMAIL_METRICS:
        count_metric(_EMAIL_METRICS[outcome.step])


def count_metric(name: str) -> None:
    """Add one to the metric."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)


def count_decision(request: Request) -> None:
    """Count a decision, and how long the patient waited for it."""
    if request.decision and request.decision.action in _DECISION_METRICS:
        count_metric(_DECISION_METRICS[request.decision.action])
        waited = (request.decision.at - request.received_at).total_seconds()
        metrics.add_metric(name="TimeToDecision", unit=MetricUnit.Seconds, value=waited)


def flush_metrics() -> None:
    """Write what was counted; most calls count nothing."""
    if metrics.metric_set:
        metrics.flush_metrics()
