"""GET /practices/{practice_id}/requests/{request_id}/history: every change of a request."""

from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import history_entry_response
from bookings.storage.stores import open_stores
from bookings.use_cases.read_requests import read_history

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    entries = read_history(STORES.practices, STORES.bookings, call.staff(), call.path("request_id"))
    return Answer({"items": [history_entry_response(entry) for entry in entries]})
