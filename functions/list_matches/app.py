"""GET /practices/{practice_id}/requests/{request_id}/matches: could it be one of these appointments?"""

from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.storage.stores import open_stores
from bookings.use_cases.read_requests import list_matches

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    matches = list_matches(STORES.practices, STORES.bookings, call.staff(), call.path("request_id"), call.now)
    return Answer({"items": matches})
