"""GET /public/requests/{manage_token}: the patient's own request.

With the `manage_token` that submitting it answered with. Reading changes nothing, because
scanners in e-mail systems follow links.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.requests import OwnRequest, to_own_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.own_request import read_own_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[OwnRequest]:
    practice, request = read_own_request(APP.practices, APP.bookings, call.path("manage_token"), call.now)
    return Answer(to_own_request(practice, request))
