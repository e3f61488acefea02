"""POST /practices/{practice_id}/requests/{request_id}/reject: reject a request, with a reason."""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Rejection
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.observability import count_decision
from bookings.use_cases.reject_request import reject_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    request = reject_request(APP.practices, APP.bookings, call.command_context(), call.body(Rejection))
    count_decision(request)
    return Answer(request, headers=etag(request.revision))
