"""GET /practices/{practice_id}/requests/{request_id}/history: every change of a request.

One step per revision, the oldest first, with who made the change, when, and the changed fields. It is never changed.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.lists import Items
from bookings.entrypoints.answers.requests import HistoryStep, to_history_step
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.read_requests import read_history

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[Items[HistoryStep]]:
    entries = read_history(APP.practices, APP.bookings, call.staff(), call.path("request_id"))
    return Answer({"items": [to_history_step(entry) for entry in entries]})
