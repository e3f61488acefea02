"""Every five minutes: a watched request whose appointment the PMS told of in the same moment is linked after all."""

from collections.abc import Callable

from bookings.clockwork import on_schedule
from bookings.domain.change import Stamp
from bookings.storage.stores import open_stores
from bookings.storage.waiting import open_waiting
from bookings.use_cases import sweeping

STORES, WAITING = open_stores(), open_waiting()


@on_schedule("MatchesMissed")
def handler(stamp: Stamp, has_time: Callable[[], bool]) -> sweeping.Swept:
    return sweeping.look_again(STORES.practices, STORES.bookings, WAITING, stamp, has_time)
