"""POST /practices/{practice_id}/requests/{request_id}/link: connect a request to an appointment that stands."""

from bookings.domain.decisions.commands import Linking
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.observability import count_decision
from bookings.storage.stores import open_stores
from bookings.use_cases.link_request import link_request

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = link_request(STORES.practices, STORES.bookings, call.context(), call.body(Linking))
    count_decision(request)
    return Answer(request, headers=etag(request.revision))
