"""POST /practices/{practice_id}/requests/{request_id}/reopen: undo a decision."""

from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.observability import count_metric
from bookings.storage.stores import open_stores
from bookings.use_cases.reopen_request import reopen_request

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = reopen_request(STORES.practices, STORES.bookings, call.context())
    count_metric("RequestsReopened")
    return Answer(request, headers=etag(request.revision))
