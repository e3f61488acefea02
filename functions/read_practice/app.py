"""GET /practices/{practice_id}: the practice, its people, chairs and services, and how fresh its schedule is."""

from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.storage.stores import open_stores
from bookings.use_cases.optimistic_transaction import practice_of

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    practice = practice_of(STORES.practices, call.staff())
    return Answer(views.practice(practice, call.now))
