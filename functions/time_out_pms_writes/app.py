"""Every five minutes: PMS writes without an outcome for too long time out, and the front desk is asked to look."""

from aws_lambda_powertools.metrics import MetricUnit

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import HasTime, scheduled
from bookings.observability import count_metric, logger, metrics
from bookings.use_cases.time_out_pms_writes import time_out_pms_writes

APP = bootstrap("bookings")

WRITE_STEP_MS = 20_000
"""Milliseconds that one write may take when everything is slow."""


@scheduled(WRITE_STEP_MS)
def handler(stamp: Stamp, has_time: HasTime) -> None:
    """Count also when nothing timed out: a missing metric means that no sweep ran."""
    timed_out = time_out_pms_writes(APP.bookings, stamp.at, has_time)
    for one in timed_out:
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
    metrics.add_metric(name="PmsWritesStuck", unit=MetricUnit.Count, value=len(timed_out))
    crashed = sum(one.crash is not None for one in timed_out)
    if crashed:
        raise RuntimeError(f"{crashed} PMS writes could not be timed out")
