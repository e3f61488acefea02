"""POST /practices/{practice_id}/requests/{request_id}/link: link a request to an existing appointment."""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Linking
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.observability import count_decision
from bookings.use_cases.link_request import link_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    request = link_request(APP.practices, APP.bookings, call.command_context(), call.body(Linking))
    count_decision(request)
    return Answer(request, headers=etag(request.revision))
