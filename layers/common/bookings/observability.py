"""What leaves a trace: structured logs and business metrics. Ids, codes and durations; never a person's data."""

import traceback

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from bookings.domain.requests.request import Move, Request

logger = Logger()
metrics = Metrics()

_DECISIONS = {Move.ACCEPT: "RequestsAccepted", Move.LINK: "RequestsLinked", Move.REJECT: "RequestsRejected"}


def log_crash(error: BaseException) -> None:
    """An unexpected error by its type and place. Its text is left out: it may quote what a patient wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    logger.error(
        "crash",
        error=type(error).__name__,
        at=[f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames[-8:]],
    )


def count_metric(name: str) -> None:
    """One more of something."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)


def count_decision(request: Request) -> None:
    """A decision, and how long the patient waited for it."""
    if request.decision and request.decision.action in _DECISIONS:
        count_metric(_DECISIONS[request.decision.action])
        waited = (request.decision.at - request.received_at).total_seconds()
        metrics.add_metric(name="TimeToDecision", unit=MetricUnit.Seconds, value=waited)


def flush_metrics() -> None:
    """Write what was counted; most calls count nothing."""
    if metrics.metric_set:
        metrics.flush_metrics()
