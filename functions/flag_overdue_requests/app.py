"""Every five minutes: requests that wait longer than their practice wants are flagged, and the front desk told once."""

from collections.abc import Callable

from bookings.domain.change_set import Stamp
from bookings.entrypoints.schedule import on_schedule
from bookings.storage.due_requests import open_waiting
from bookings.storage.stores import open_stores
from bookings.use_cases import sweep_requests as sweeping

STORES, WAITING = open_stores(), open_waiting()


@on_schedule("RequestsOverdue")
def handler(stamp: Stamp, has_time: Callable[[], bool]) -> sweeping.Swept:
    return sweeping.flag_overdue(STORES.practices, STORES.bookings, WAITING, stamp, has_time)
