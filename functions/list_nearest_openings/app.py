"""GET /practices/{practice_id}/requests/{request_id}/openings: the nearest openings for a request.

Free times with the requested duration around the requested time: first those with the requested practitioner, then
those with the requested chair, then the nearest. Empty while the data from the PMS is older than the practice's limit.
"""

from pydantic import Field

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.base import Command
from bookings.domain.scheduling.slot import Slot
from bookings.entrypoints.answers.lists import Items
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.list_nearest_openings import list_nearest_openings

APP = bootstrap("practices", "bookings")


class Query(Command):
    """How many days to search before and after the requested one, and how many openings to return."""

    days: int = Field(default=3, ge=0, le=14)
    limit: int = Field(default=5, ge=1, le=50)


@endpoint
def handler(call: Call) -> Answer[Items[Slot]]:
    practice_id, query = call.staff(), call.query(Query)
    openings = list_nearest_openings(
        APP.practices,
        APP.bookings,
        practice_id,
        call.path("request_id"),
        call.now,
        reach=query.days,
        limit=query.limit,
    )
    return Answer({"items": openings})
