"""Every hour: acceptances of which the PMS has given no sign for a week are noted, for the report's guardrails."""

from collections.abc import Callable

from bookings.domain.change_set import Stamp
from bookings.entrypoints.schedule import on_schedule
from bookings.storage.due_requests import open_waiting
from bookings.storage.stores import open_stores
from bookings.use_cases import sweep_requests as sweeping

STORES, WAITING = open_stores(), open_waiting()


@on_schedule("RequestsUnproven")
def handler(stamp: Stamp, has_time: Callable[[], bool]) -> sweeping.Swept:
    return sweeping.flag_unproven(STORES.bookings, WAITING, stamp, has_time)
