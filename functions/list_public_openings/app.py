"""GET /public/practices/{practice_id}/openings: free times of a practice for a service.

Each start is listed once, with the first practitioner who is free; with `practitioner_id`, only the starts of that
practitioner. Covers 14 days at most. If `from` is in the past, the first day is today. Starts are on quarter hours.
Empty while the data from the PMS is older than the practice's limit.
"""

from pydantic import Field

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import Day, Id
from bookings.domain.scheduling.slot import Slot
from bookings.entrypoints.answers.lists import Items
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.list_public_openings import list_public_openings

APP = bootstrap("practices", "bookings")


class Query(Command):
    """Which service, at which practitioner (any, if missing), and on which days, both included."""

    service_id: Id
    practitioner_id: Id | None = None
    first_day: Day = Field(alias="from")
    last_day: Day = Field(alias="to")


@endpoint
def handler(call: Call) -> Answer[Items[Slot]]:
    query = call.query(Query)
    openings = list_public_openings(
        APP.practices,
        APP.bookings,
        call.path("practice_id"),
        query.service_id,
        query.first_day,
        query.last_day,
        call.now,
        query.practitioner_id,
    )
    return Answer({"items": openings})
