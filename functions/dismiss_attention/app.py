"""POST /practices/{practice_id}/requests/{request_id}/dismiss: what asked for attention has been seen."""

from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.storage.stores import open_stores
from bookings.use_cases.watch_request import dismiss_attention

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = dismiss_attention(STORES.practices, STORES.bookings, call.context())
    return Answer(request, headers=etag(request.revision))
