"""POST /public/requests/{manage_token}/withdraw: withdraw the patient's own request.

Possible while the request is pending.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.requests import OwnRequest, to_own_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.observability import count_metric
from bookings.use_cases.own_request import withdraw_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[OwnRequest]:
    practice, request = withdraw_request(
        APP.practices,
        APP.bookings,
        call.path("manage_token"),
        call.idempotency_key("patient"),
        call.stamp("patient"),
    )
    count_metric("RequestsWithdrawn")
    return Answer(to_own_request(practice, request))
