"""POST /public/requests/{manage_token}/withdraw: withdraw the patient's own request."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.response_bodies import own_request_response
from bookings.observability import count_metric
from bookings.use_cases.own_request import withdraw_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    practice, request = withdraw_request(
        APP.practices,
        APP.bookings,
        call.path("manage_token"),
        call.idempotency_key("patient"),
        call.stamp("patient"),
    )
    count_metric("RequestsWithdrawn")
    return Answer(own_request_response(practice, request))
