"""POST /public/practices/{practice_id}/requests: a patient asks for a time."""

from http import HTTPStatus

from bookings.domain.decisions.commands import Submission
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.observability import count_metric
from bookings.storage.stores import open_stores
from bookings.use_cases.submit_request import submit_request

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    submitted = submit_request(
        STORES.practices,
        STORES.bookings,
        call.path("practice_id"),
        call.body(Submission),
        call.required_idempotency_key("patient"),
        call.stamp("patient"),
    )
    count_metric("RequestsReceived")
    return Answer(submitted, HTTPStatus.CREATED)
