"""GET /public/practices/{practice_id}: what the booking page needs, nothing more."""

from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import public_practice_response
from bookings.storage.stores import open_stores
from bookings.use_cases.optimistic_transaction import get_practice

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    return Answer(public_practice_response(get_practice(STORES.practices, call.path("practice_id"))))
