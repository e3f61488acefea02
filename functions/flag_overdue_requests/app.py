"""Every five minutes: requests that wait longer than their practice wants are flagged, and the front desk told once."""

from collections.abc import Callable

from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import scheduled_sweep
from bookings.storage.due_requests import open_waiting
from bookings.storage.stores import open_stores
from bookings.use_cases.sweep_requests import SweepResult, flag_overdue_requests

STORES, WAITING = open_stores(), open_waiting()


@scheduled_sweep("RequestsOverdue")
def handler(stamp: Stamp, has_time: Callable[[], bool]) -> SweepResult:
    return flag_overdue_requests(STORES.practices, STORES.bookings, WAITING, stamp, has_time)
