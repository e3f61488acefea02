"""POST /practices/{practice_id}/requests/{request_id}/reopen: undo a decision."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.observability import count_metric
from bookings.use_cases.reopen_request import reopen_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    request = reopen_request(APP.practices, APP.bookings, call.command_context())
    count_metric("RequestsReopened")
    return Answer(request, headers=etag(request.revision))
