"""POST /public/practices/{practice_id}/requests: a patient asks for a time."""

from http import HTTPStatus

from bookings.domain.decisions.commands import Submission
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.observability import count
from bookings.storage.stores import open_stores
from bookings.use_cases import submit_request as patient

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    submitted = patient.submit(
        STORES.practices,
        STORES.bookings,
        call.path("practice_id"),
        call.body(Submission),
        call.required_attempt("patient"),
        call.stamp("patient"),
    )
    count("RequestsReceived")
    return Answer(submitted, HTTPStatus.CREATED)
