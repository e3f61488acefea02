"""POST /practices/{practice_id}/requests/{request_id}/link: connect a request to an appointment that stands."""

from bookings.domain.decisions.commands import Linking
from bookings.entrypoints.http import Answer, Call, endpoint, etag
from bookings.observability import count_decision
from bookings.storage.stores import open_stores
from bookings.use_cases import staff

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = staff.link(STORES.practices, STORES.bookings, call.case(), call.body(Linking))
    count_decision(request)
    return Answer(request, headers=etag(request.revision))
