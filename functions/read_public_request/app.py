"""GET /public/requests/{manage_token}: the patient's own request. Changes nothing, since mail scanners follow links."""

from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.storage.stores import open_stores
from bookings.use_cases import submit_request as patient

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    practice, request = patient.show(STORES.practices, STORES.bookings, call.path("manage_token"))
    return Answer(views.own_request(practice, request))
