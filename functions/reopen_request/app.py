"""POST /practices/{practice_id}/requests/{request_id}/reopen: undo a decision.

An accepted or rejected request is pending again. Its time is free, the appointment that Chairlink made is cancelled in
the PMS, and a patient who was sent a confirmation gets a cancellation. An appointment that the request was linked to
stays in the PMS.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.requests import StaffRequest, answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.observability import count_metric
from bookings.use_cases.reopen_request import reopen_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[StaffRequest]:
    request = reopen_request(APP.practices, APP.bookings, call.command_context())
    count_metric("RequestsReopened")
    return answer_with_request(request)
