"""POST /practices/{practice_id}/requests/{request_id}/accept: accept a request, with or without edits."""

from bookings.domain.decisions.commands import Acceptance
from bookings.entrypoints.http import Answer, Call, endpoint, etag
from bookings.observability import count_decision
from bookings.storage.stores import open_stores
from bookings.use_cases import staff

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = staff.accept(STORES.practices, STORES.bookings, call.case(), call.body(Acceptance))
    count_decision(request)
    return Answer(request, headers=etag(request.revision))
