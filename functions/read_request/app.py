"""GET /practices/{practice_id}/requests/{request_id}: one request, and whether it fits."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.entrypoints.response_bodies import request_response
from bookings.use_cases.read_requests import read_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    found = read_request(APP.practices, APP.bookings, call.staff(), call.path("request_id"), call.now)
    return Answer(request_response(found.request, found.fit), headers=etag(found.request.revision))
