"""POST /public/requests/{manage_token}/withdraw: the patient takes the request back."""

from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import own_request_response
from bookings.observability import count_metric
from bookings.storage.stores import open_stores
from bookings.use_cases.own_request import withdraw_request

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    practice, request = withdraw_request(
        STORES.practices,
        STORES.bookings,
        call.path("manage_token"),
        call.idempotency_key("patient"),
        call.stamp("patient"),
    )
    count_metric("RequestsWithdrawn")
    return Answer(own_request_response(practice, request))
