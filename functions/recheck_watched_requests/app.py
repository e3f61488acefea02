"""Every five minutes: check new watches again, for events that they may have missed."""

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import HasTime, scheduled_sweep
from bookings.use_cases.sweep_requests import SweepResult, recheck_watched_requests

APP = bootstrap("practices", "bookings", "due_requests")


@scheduled_sweep("MatchesMissed")
def handler(stamp: Stamp, has_time: HasTime) -> SweepResult:
    return recheck_watched_requests(APP.practices, APP.bookings, APP.due_requests, stamp, has_time)
