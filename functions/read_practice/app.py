"""GET /practices/{practice_id}: a practice with its settings, and the age of its schedule."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.response_bodies import practice_response
from bookings.use_cases.optimistic_transaction import get_practice

APP = bootstrap("practices")


@endpoint
def handler(call: Call) -> Answer:
    practice = get_practice(APP.practices, call.staff())
    return Answer(practice_response(practice, call.now))
