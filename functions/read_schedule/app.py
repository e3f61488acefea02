"""GET /practices/{practice_id}/schedule: one day's chairs, practitioners, appointments and pending requests."""

from bookings.domain.decisions.commands import Day
from bookings.domain.kernel.base import Command
from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.storage.stores import open_stores
from bookings.use_cases import read_requests as queue

STORES = open_stores()


class Query(Command):
    """Which day, in the practice's zone."""

    date: Day


@endpoint
def handler(call: Call) -> Answer:
    practice_id = call.staff()
    day = queue.day(STORES.practices, STORES.bookings, practice_id, call.query(Query).date, call.now)
    return Answer(views.day(day))
