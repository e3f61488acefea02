"""POST /practices/{practice_id}/requests/{request_id}/watch: link it later, when the PMS brings the appointment."""

from bookings.domain.decisions.commands import Watching
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.storage.stores import open_stores
from bookings.use_cases.watch_request import watch_request

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = watch_request(STORES.practices, STORES.bookings, call.context(), call.body(Watching))
    return Answer(request, headers=etag(request.revision))
