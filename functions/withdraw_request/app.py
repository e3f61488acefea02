"""POST /public/requests/{manage_token}/withdraw: the patient takes the request back."""

from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.observability import count
from bookings.storage.stores import open_stores
from bookings.use_cases import submit_request as patient

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    practice, request = patient.withdraw(
        STORES.practices, STORES.bookings, call.path("manage_token"), call.attempt("patient"), call.stamp("patient")
    )
    count("RequestsWithdrawn")
    return Answer(views.own_request(practice, request))
