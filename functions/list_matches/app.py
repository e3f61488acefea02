"""GET /practices/{practice_id}/requests/{request_id}/matches: could it be one of these appointments?"""

from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.storage.stores import open_stores
from bookings.use_cases import read_requests as queue

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    matches = queue.matches(STORES.practices, STORES.bookings, call.staff(), call.path("request_id"), call.now)
    return Answer({"items": matches})
