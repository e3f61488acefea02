"""POST /practices/{practice_id}/requests/{request_id}/dismiss: what asked for attention has been seen."""

from bookings.entrypoints.http import Answer, Call, endpoint, etag
from bookings.storage.stores import open_stores
from bookings.use_cases import staff

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = staff.dismiss(STORES.practices, STORES.bookings, call.case())
    return Answer(request, headers=etag(request.revision))
