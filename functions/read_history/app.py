"""GET /practices/{practice_id}/requests/{request_id}/history: every change of a request."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.response_bodies import history_entry_response
from bookings.use_cases.read_requests import read_history

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    entries = read_history(APP.practices, APP.bookings, call.staff(), call.path("request_id"))
    return Answer({"items": [history_entry_response(entry) for entry in entries]})
