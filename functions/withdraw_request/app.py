"""POST /public/requests/{manage_token}/withdraw: withdraw the patient's own request.

With the `manage_token` that submitting it answered with, and no body. Possible while the request is pending: after a
decision the answer is 409 `already-decided`, and the patient has to call the practice. Nobody gets an e-mail.
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
