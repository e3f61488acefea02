"""POST /practices/{practice_id}/requests/{request_id}/watch: wait for the PMS to send the appointment."""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Watching
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.use_cases.watch_request import watch_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    request = watch_request(APP.practices, APP.bookings, call.command_context(), call.body(Watching))
    return Answer(request, headers=etag(request.revision))
