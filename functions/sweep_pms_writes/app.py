"""Every five minutes: PMS writes that no agent has settled for too long come back to the front desk."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.observability import count_metric, flush_metrics, logger, metrics
from bookings.storage.stores import open_stores
from bookings.use_cases import time_out_pms_writes as giving_up

STORES = open_stores()

ONE_WRITE = 20_000
"""Milliseconds that a write may take when everything is slow."""


def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  # the schedule has nothing to say
    """Give up what is overdue, and say how much that was, also when it was nothing: silence would mean no sweep.

    One that cannot be given up is logged, and fails the sweep when the others are done.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    given_up = giving_up.time_out_pms_writes(
        STORES.bookings, now, lambda: context.get_remaining_time_in_millis() > ONE_WRITE
    )
    for one in given_up:
        logger.set_correlation_id(one.write.correlation_id)
        logger.warning(
            "write",
            practice_id=one.write.practice_id,
            request_id=one.write.request_id,
            write_id=one.write.id,
            kind=one.write.kind,
            attempts=one.write.attempts,
            step=one.crash or "timed_out",
        )
        count_metric("WriteCrashed" if one.crash else "WriteTimedOut")
    metrics.add_metric(name="PmsWritesStuck", unit=MetricUnit.Count, value=len(given_up))
    flush_metrics()
    crashed = sum(one.crash is not None for one in given_up)
    if crashed:
        raise RuntimeError(f"{crashed} PMS writes could not be given up")
