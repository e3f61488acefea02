"""GET /practices/{practice_id}/schedule: the appointments and pending requests of one day.

Everything that the front desk needs to choose a time on that day.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import Day
from bookings.entrypoints.answers.schedule import DaySchedule, to_day_schedule
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.read_schedule import read_schedule

APP = bootstrap("practices", "bookings")


class Query(Command):
    """The day, in the practice's time zone."""

    date: Day


@endpoint
def handler(call: Call) -> Answer[DaySchedule]:
    practice_id = call.staff()
    day = read_schedule(APP.practices, APP.bookings, practice_id, call.query(Query).date, call.now)
    return Answer(to_day_schedule(day))
