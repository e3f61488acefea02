"""POST /practices/{practice_id}/requests/{request_id}/dismiss: clear the request's attention."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.use_cases.dismiss_attention import dismiss_attention

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    request = dismiss_attention(APP.practices, APP.bookings, call.command_context())
    return Answer(request, headers=etag(request.revision))
