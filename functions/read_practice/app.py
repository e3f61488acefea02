"""GET /practices/{practice_id}: the practice, its people, chairs and services, and how fresh its schedule is."""

from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import practice_response
from bookings.storage.stores import open_stores
from bookings.use_cases.optimistic_transaction import get_practice

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    practice = get_practice(STORES.practices, call.staff())
    return Answer(practice_response(practice, call.now))
