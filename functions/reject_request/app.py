"""POST /practices/{practice_id}/requests/{request_id}/reject: say no, and why."""

from bookings.domain.decisions.commands import Rejection
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.observability import count_decision
from bookings.storage.stores import open_stores
from bookings.use_cases.reject_request import reject_request

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = reject_request(STORES.practices, STORES.bookings, call.context(), call.body(Rejection))
    count_decision(request)
    return Answer(request, headers=etag(request.revision))
