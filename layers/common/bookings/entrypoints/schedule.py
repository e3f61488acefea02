"""Lambda handlers on a schedule, with the invocation's id in the logs, a time limit and metrics."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.call_limits import DYNAMODB_CALL, EMAIL_SECONDS, INVOCATION
from bookings.domain.kernel.stamp import Stamp
from bookings.observability import flush_metrics, logger, metrics

_Found = TypeVar("_Found")
HasTime = Callable[[], bool]
Handler = Callable[[dict[str, Any], LambdaContext], None]

if TYPE_CHECKING:
    from bookings.use_cases.round_robin import PracticeResult
    from bookings.use_cases.sweep_requests import SweepResult

    Sweep = Callable[[Stamp, HasTime], SweepResult]
    Audit = Callable[[datetime, HasTime], Iterator[PracticeResult[_Found]]]

SWEEP_STEP_MS = round(2000 * DYNAMODB_CALL.longest_seconds)
"""Milliseconds that a step of a sweep needs where DynamoDB fails: a read, and a write that is not answered in time."""

EMAIL_STEP_MS = round(1000 * (DYNAMODB_CALL.longest_seconds + EMAIL_SECONDS))
"""Milliseconds that one e-mail needs if it is read slowly and then sent slowly."""

AUDIT_STEP_MS = 30_000
"""Milliseconds that the audit of the busiest practice takes at most."""


def scheduled(step_ms: int = SWEEP_STEP_MS) -> Callable[[Callable[[Stamp, HasTime], None]], Handler]:
    """A handler that calls the function with a stamp and with `has_time`: is there time for one more step?"""

    def decorate(run: Callable[[Stamp, HasTime], None]) -> Handler:
        @wraps(run)
        def handler(_: dict[str, Any], context: LambdaContext) -> None:
            logger.set_correlation_id(context.aws_request_id)
            now = datetime.now(UTC).replace(microsecond=0)
            stamp = Stamp(by="clock", at=now, correlation_id=context.aws_request_id)
            try:
                with INVOCATION.ending_in(context.get_remaining_time_in_millis()):
                    run(stamp, lambda: context.get_remaining_time_in_millis() > step_ms)
            finally:
                flush_metrics()

        return handler

    return decorate


def scheduled_sweep(metric: str) -> "Callable[[Sweep], Handler]":
    """A handler of a sweep. It counts handled requests and logs the ids of failed ones; if any failed, it raises."""

    def decorate(sweep: "Sweep") -> Handler:
        @wraps(sweep)
        def run(stamp: Stamp, has_time: HasTime) -> None:
            result = sweep(stamp, has_time)
            for (practice_id, request_id), error in result.failed:
                logger.error("request not swept", practice_id=practice_id, request_id=request_id, error=error)
            metrics.add_metric(name=metric, unit=MetricUnit.Count, value=len(result.done))
            if result.failed:
                raise RuntimeError(f"{len(result.failed)} requests could not be swept")

        return scheduled()(run)

    return decorate


def scheduled_audit(metric: str, log: Callable[[_Found], None]) -> "Callable[[Audit[_Found]], Handler]":
    """A handler of an audit. It logs each difference at once; if the audit of a practice failed, it raises at the end.

    It reports the number of differences even if it is zero, so that a missing metric shows that no audit ran.
    """

    def decorate(audit: "Audit[_Found]") -> Handler:
        @wraps(audit)
        def run(stamp: Stamp, has_time: HasTime) -> None:
            practices = differences = failed = 0
            try:
                for result in audit(stamp.at, has_time):
                    for found in result.found:
                        log(found)
                    if result.error:
                        logger.error("practice not audited", practice_id=result.practice_id, error=result.error)
                    practices, differences = practices + 1, differences + len(result.found)
                    failed += result.error is not None
            finally:
                logger.info("audit finished", practices=practices, differences=differences)
                metrics.add_metric(name=metric, unit=MetricUnit.Count, value=differences)
            if failed:
                raise RuntimeError(f"{failed} practices could not be audited")

        return scheduled(AUDIT_STEP_MS)(run)

    return decorate
