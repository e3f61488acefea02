"""Every five minutes: requests whose start has passed without a decision expire. Nobody is mailed about them."""

from collections.abc import Callable

from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import scheduled_sweep
from bookings.storage.due_requests import open_waiting
from bookings.storage.stores import open_stores
from bookings.use_cases.sweep_requests import SweepResult, expire_requests

STORES, WAITING = open_stores(), open_waiting()


@scheduled_sweep("RequestsExpired")
def handler(stamp: Stamp, has_time: Callable[[], bool]) -> SweepResult:
    return expire_requests(STORES.practices, STORES.bookings, WAITING, stamp, has_time)
