"""What every sweep and audit on a schedule has in common: an eye on the time, and a word on what it did."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.domain.kernel.stamp import Stamp
from bookings.observability import flush_metrics, logger, metrics

Found = TypeVar("Found")

if TYPE_CHECKING:
    from bookings.use_cases.round_robin import PracticeResult
    from bookings.use_cases.sweep_requests import SweepResult

    Audit = Callable[[datetime, Callable[[], bool]], Iterator[PracticeResult[Found]]]

STEP_RESERVE_MS = 10_000
"""Milliseconds that one step of a sweep may take when everything is slow."""

PRACTICE_RESERVE_MS = 30_000
"""Milliseconds that the busiest practice may take."""

Handler = Callable[[dict[str, Any], LambdaContext], None]
Sweep = Callable[[Stamp, Callable[[], bool]], "SweepResult"]


def scheduled_sweep(metric: str) -> Callable[[Sweep], Handler]:
    """A Lambda handler around a sweep: it counts what was done, logs what failed by ids, and fails if anything did."""

    def decorate(sweep: Sweep) -> Handler:
        @wraps(sweep)
        def handler(_: dict[str, Any], context: LambdaContext) -> None:
            logger.set_correlation_id(context.aws_request_id)
            now = datetime.now(UTC).replace(microsecond=0)
            stamp = Stamp(by="clock", at=now, correlation_id=context.aws_request_id)
            swept = sweep(stamp, lambda: context.get_remaining_time_in_millis() > STEP_RESERVE_MS)
            for (practice_id, request_id), error in swept.failed:
                logger.error("not swept", practice_id=practice_id, request_id=request_id, error=error)
            metrics.add_metric(name=metric, unit=MetricUnit.Count, value=len(swept.done))
            flush_metrics()
            if swept.failed:
                raise RuntimeError(f"{len(swept.failed)} requests could not be handled")

        return handler

    return decorate


def scheduled_audit(metric: str, tell: Callable[[Found], None]) -> Callable[["Audit[Found]"], Handler]:
    """A Lambda handler around an audit: it tells what was found as it goes, and fails if a look at a practice did.

    It counts what was found also when that is nothing: silence would mean that nobody looked.
    """

    def decorate(audit: "Audit[Found]") -> Handler:
        @wraps(audit)
        def handler(_: dict[str, Any], context: LambdaContext) -> None:
            logger.set_correlation_id(context.aws_request_id)
            now = datetime.now(UTC).replace(microsecond=0)
            practices = differences = failed = 0
            try:
                for turn in audit(now, lambda: context.get_remaining_time_in_millis() > PRACTICE_RESERVE_MS):
                    for one in turn.found:
                        tell(one)
                    if turn.error:
                        logger.error("not audited", practice_id=turn.practice_id, error=turn.error)
                    practices, differences = practices + 1, differences + len(turn.found)
                    failed += turn.error is not None
            finally:
                logger.info("audited", practices=practices, differences=differences)
                metrics.add_metric(name=metric, unit=MetricUnit.Count, value=differences)
                flush_metrics()
            if failed:
                raise RuntimeError(f"{failed} practices could not be audited")

        return handler

    return decorate
