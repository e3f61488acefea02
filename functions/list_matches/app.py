"""GET /practices/{practice_id}/requests/{request_id}/matches: appointments that may be the requested one."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.list_matches import list_matches

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    matches = list_matches(APP.practices, APP.bookings, call.staff(), call.path("request_id"), call.now)
    return Answer({"items": matches})
