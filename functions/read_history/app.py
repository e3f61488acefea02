"""GET /practices/{practice_id}/requests/{request_id}/history: every change of a request."""

from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.storage.stores import open_stores
from bookings.use_cases import read_requests as queue

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    entries = queue.history(STORES.practices, STORES.bookings, call.staff(), call.path("request_id"))
    return Answer({"items": [views.history_entry(entry) for entry in entries]})
