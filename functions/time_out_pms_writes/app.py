"""Every five minutes: time out PMS writes without an outcome, and get the front desk's attention."""

from aws_lambda_powertools.metrics import MetricUnit

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import HasTime, scheduled
from bookings.observability import count_metric, logger, metrics
from bookings.use_cases.time_out_pms_writes import time_out_pms_writes

APP = bootstrap("bookings")


@scheduled()
def handler(stamp: Stamp, has_time: HasTime) -> None:
    """Count the writes, also if there are none, so that a missing metric shows that no sweep ran."""
    timed_out = time_out_pms_writes(APP.bookings, stamp.at, has_time)
    for result in timed_out:
        logger.set_correlation_id(result.write.correlation_id)
        logger.warning(
            "write",
            practice_id=result.write.practice_id,
            request_id=result.write.request_id,
            write_id=result.write.id,
            kind=result.write.kind,
            attempts=result.write.attempts,
            step=result.crash or "timed_out",
        )
        count_metric("WriteCrashed" if result.crash else "WriteTimedOut")
    metrics.add_metric(name="PmsWritesStuck", unit=MetricUnit.Count, value=len(timed_out))
    crashed = sum(result.crash is not None for result in timed_out)
    if crashed:
        raise RuntimeError(f"{crashed} PMS writes could not be timed out")
