"""GET /public/requests/{manage_token}: the patient's own request. Changes nothing, since mail scanners follow links."""

from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import own_request_response
from bookings.storage.stores import open_stores
from bookings.use_cases.own_request import read_own_request

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    practice, request = read_own_request(STORES.practices, STORES.bookings, call.path("manage_token"))
    return Answer(own_request_response(practice, request))
