"""POST /practices/{practice_id}/requests/{request_id}/accept: accept a request, with or without edits."""

from bookings.domain.decisions.commands import Acceptance
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.observability import count_decision
from bookings.storage.stores import open_stores
from bookings.use_cases.accept_request import accept_request

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = accept_request(STORES.practices, STORES.bookings, call.context(), call.body(Acceptance))
    count_decision(request)
    return Answer(request, headers=etag(request.revision))
