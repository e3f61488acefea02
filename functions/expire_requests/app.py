"""Every five minutes: expire pending requests whose start has passed. Nobody gets an e-mail."""

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import HasTime, scheduled_sweep
from bookings.use_cases.sweep_requests import SweepResult, expire_requests

APP = bootstrap("practices", "bookings", "due_requests")


@scheduled_sweep("RequestsExpired")
def handler(stamp: Stamp, has_time: HasTime) -> SweepResult:
    return expire_requests(APP.practices, APP.bookings, APP.due_requests, stamp, has_time)
