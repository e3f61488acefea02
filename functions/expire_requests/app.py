"""Every five minutes: requests whose start has passed without a decision expire. Nobody is mailed about them."""

from collections.abc import Callable

from bookings.clockwork import on_schedule
from bookings.domain.change import Stamp
from bookings.storage.stores import open_stores
from bookings.storage.waiting import open_waiting
from bookings.use_cases import sweeping

STORES, WAITING = open_stores(), open_waiting()


@on_schedule("RequestsExpired")
def handler(stamp: Stamp, has_time: Callable[[], bool]) -> sweeping.Swept:
    return sweeping.expire(STORES.practices, STORES.bookings, WAITING, stamp, has_time)
