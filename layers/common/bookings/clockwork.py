"""What every sweep on a schedule has in common: a stamp, an eye on the time, and a word on what it did."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.domain.change import Stamp
from bookings.telemetry import flush_metrics, logger, metrics

if TYPE_CHECKING:
    from bookings.use_cases.sweeping import Swept

ONE_STEP = 10_000
"""Milliseconds that one step of a sweep may take when everything is slow."""

Sweep = Callable[[Stamp, Callable[[], bool]], "Swept"]


def on_schedule(metric: str) -> Callable[[Sweep], Callable[[dict[str, Any], LambdaContext], None]]:
    """A Lambda handler around a sweep: it counts what was done, logs what failed by ids, and fails if anything did."""

    def decorate(sweep: Sweep) -> Callable[[dict[str, Any], LambdaContext], None]:
        @wraps(sweep)
        def handler(_: dict[str, Any], context: LambdaContext) -> None:
            logger.set_correlation_id(context.aws_request_id)
            now = datetime.now(UTC).replace(microsecond=0)
            stamp = Stamp(by="clock", at=now, correlation_id=context.aws_request_id)
            swept = sweep(stamp, lambda: context.get_remaining_time_in_millis() > ONE_STEP)
            for (practice_id, request_id), error in swept.failed:
                logger.error("not swept", practice_id=practice_id, request_id=request_id, error=error)
            metrics.add_metric(name=metric, unit=MetricUnit.Count, value=len(swept.done))
            flush_metrics()
            if swept.failed:
                raise RuntimeError(f"{len(swept.failed)} requests could not be handled")

        return handler

    return decorate
