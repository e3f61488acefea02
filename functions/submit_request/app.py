"""POST /public/practices/{practice_id}/requests: a patient asks for a time."""

from http import HTTPStatus

from bookings.domain.commands import Submission
from bookings.http import Answer, Call, endpoint
from bookings.storage.stores import open_stores
from bookings.telemetry import count
from bookings.use_cases import patient

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
