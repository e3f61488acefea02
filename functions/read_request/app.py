"""GET /practices/{practice_id}/requests/{request_id}: one request, and whether it fits."""

from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.entrypoints.responses import request_response
from bookings.storage.stores import open_stores
from bookings.use_cases.read_requests import read_request

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    found = read_request(STORES.practices, STORES.bookings, call.staff(), call.path("request_id"), call.now)
    return Answer(request_response(found.request, found.fit), headers=etag(found.request.revision))
