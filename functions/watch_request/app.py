"""POST /practices/{practice_id}/requests/{request_id}/watch: link it later, when the PMS brings the appointment."""

from bookings.domain.decisions.commands import Watching
from bookings.entrypoints.http import Answer, Call, endpoint, etag
from bookings.storage.stores import open_stores
from bookings.use_cases import staff

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    request = staff.watch(STORES.practices, STORES.bookings, call.case(), call.body(Watching))
    return Answer(request, headers=etag(request.revision))
