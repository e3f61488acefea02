"""POST /practices/{practice_id}/requests/{request_id}/accept: accept a request, with or without edits.

Without edits the request is accepted as requested; `start`, `duration_minutes`, `practitioner_id`, `chair_id` and
`service_id` replace what the patient asked for. Chairlink books the time, asks the PMS to create the appointment, and
sends the patient a confirmation if `notify` is true.

If the patient may already have this appointment, the answer is 409 `possible-match`: link it, or repeat the call with
`different_appointment`. If something is in the way, the answer is 409 `schedule-conflict` with the nearest openings:
choose one, or repeat the call with `override` and a reason.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Acceptance
from bookings.entrypoints.answers.requests import StaffRequest, answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.observability import count_decision
from bookings.use_cases.accept_request import accept_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[StaffRequest]:
    request = accept_request(APP.practices, APP.bookings, call.command_context(), call.body(Acceptance))
    count_decision(request)
    return answer_with_request(request)
