"""POST /practices/{practice_id}/requests/{request_id}/reject: say no, and why."""

from bookings.domain.decisions.commands import Rejection
from bookings.entrypoints.http import Answer, Call, endpoint, etag
from bookings.observability import count_decision
from bookings.storage.stores import open_stores
from bookings.use_cases import staff

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = staff.reject(STORES.practices, STORES.bookings, call.case(), call.body(Rejection))
    count_decision(request)
    return Answer(request, headers=etag(request.revision))
