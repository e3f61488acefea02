"""GET /practices/{practice_id}/requests/{request_id}: one request, and whether it fits."""

from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, endpoint, etag
from bookings.storage.stores import open_stores
from bookings.use_cases import read_requests as queue

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    found = queue.request(STORES.practices, STORES.bookings, call.staff(), call.path("request_id"), call.now)
    return Answer(views.request(found.request, found.fit), headers=etag(found.request.revision))
