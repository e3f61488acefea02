"""POST /practices/{practice_id}/requests/{request_id}/accept: accept a request, with or without edits."""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Acceptance
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.observability import count_decision
from bookings.use_cases.accept_request import accept_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    request = accept_request(APP.practices, APP.bookings, call.command_context(), call.body(Acceptance))
    count_decision(request)
    return Answer(request, headers=etag(request.revision))
