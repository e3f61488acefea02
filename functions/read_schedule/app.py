"""GET /practices/{practice_id}/schedule: the appointments and pending requests of one day."""

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import Day
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.response_bodies import schedule_response
from bookings.use_cases.read_schedule import read_schedule

APP = bootstrap("practices", "bookings")


class Query(Command):
    """The day, in the practice's time zone."""

    date: Day


@endpoint
def handler(call: Call) -> Answer:
    practice_id = call.staff()
    day = read_schedule(APP.practices, APP.bookings, practice_id, call.query(Query).date, call.now)
    return Answer(schedule_response(day))
