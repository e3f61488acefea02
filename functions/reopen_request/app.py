"""POST /practices/{practice_id}/requests/{request_id}/reopen: undo a decision."""

from bookings.entrypoints.http import Answer, Call, endpoint, etag
from bookings.observability import count
from bookings.storage.stores import open_stores
from bookings.use_cases import staff

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = staff.reopen(STORES.practices, STORES.bookings, call.case())
    count("RequestsReopened")
    return Answer(request, headers=etag(request.revision))
