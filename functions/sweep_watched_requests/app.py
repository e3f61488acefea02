"""Every five minutes: a watched request whose appointment the PMS told of in the same moment is linked after all."""

from collections.abc import Callable

from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import scheduled_sweep
from bookings.storage.due_requests import open_waiting
from bookings.storage.stores import open_stores
from bookings.use_cases.sweep_requests import SweepResult, recheck_watched_requests

STORES, WAITING = open_stores(), open_waiting()


@scheduled_sweep("MatchesMissed")
def handler(stamp: Stamp, has_time: Callable[[], bool]) -> SweepResult:
    return recheck_watched_requests(STORES.practices, STORES.bookings, WAITING, stamp, has_time)
