"""GET /public/practices/{practice_id}: a practice, with what the booking page needs.

Only the practitioners and services that patients can choose.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.practice import PublicPractice, to_public_practice
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.optimistic_transaction import get_practice

APP = bootstrap("practices")


@endpoint
def handler(call: Call) -> Answer[PublicPractice]:
    return Answer(to_public_practice(get_practice(APP.practices, call.path("practice_id"))))
