"""GET /public/practices/{practice_id}: a practice, with what the booking page needs."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.response_bodies import public_practice_response
from bookings.use_cases.optimistic_transaction import get_practice

APP = bootstrap("practices")


@endpoint
def handler(call: Call) -> Answer:
    return Answer(public_practice_response(get_practice(APP.practices, call.path("practice_id"))))
