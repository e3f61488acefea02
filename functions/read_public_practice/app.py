"""GET /public/practices/{practice_id}: what the booking page needs, nothing more."""

from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.storage.stores import open_stores
from bookings.use_cases.optimistic_transaction import practice_of

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    return Answer(views.public_practice(practice_of(STORES.practices, call.path("practice_id"))))
