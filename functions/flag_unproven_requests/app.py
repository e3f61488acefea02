"""Every hour: acceptances of which the PMS has given no sign for a week are noted, for the report's guardrails."""

from collections.abc import Callable

from bookings.clockwork import on_schedule
from bookings.domain.change import Stamp
from bookings.storage.stores import open_stores
from bookings.storage.waiting import open_waiting
from bookings.use_cases import sweeping

STORES, WAITING = open_stores(), open_waiting()


@on_schedule("RequestsUnproven")
def handler(stamp: Stamp, has_time: Callable[[], bool]) -> sweeping.Swept:
    return sweeping.flag_unproven(STORES.bookings, WAITING, stamp, has_time)
