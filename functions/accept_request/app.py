"""POST /practices/{practice_id}/requests/{request_id}/accept: accept a request, with or without edits.

Without edits the request is accepted as requested; `start`, `duration_minutes`, `practitioner_id`, `chair_id` and
`service_id` replace what the patient asked for. Chairlink books the time, asks the PMS to create the appointment
(`pms_write`), and sends the patient a confirmation if `notify` is true (`mail`).

409 has these types:

- `possible-match`: the patient may already have this appointment. Link it, or repeat the call with
  `different_appointment`.
- `schedule-conflict`: something is in the way. Choose one of its `openings`, or repeat the call with `override` and a
  reason.
- `pms-cannot-create`: the practice's PMS cannot create appointments. Link the request instead.
- `already-decided`: it was decided, withdrawn or expired meanwhile. Read the request again.
- `move-not-allowed`: the status of the request does not allow it.

Send an `Idempotency-Key` to make the call safe to repeat. Where the practice has the setting `auto_link`, a request
that is accepted as requested is linked to the patient's one certain match (`resolution` is `auto_linked`).
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
