"""POST /practices/{practice_id}/requests/{request_id}/reopen: undo a decision.

An accepted or rejected request is pending again. Its time is free, and the appointment that Chairlink made is cancelled
in the PMS. An appointment that the request was linked to stays in the PMS.

While the decision's e-mail waits for the undo window (`mail_due_at`), nothing is sent. Afterwards the patient is told
what is true, unless `notify` is false: after an acceptance, that the visit is cancelled; after a link, that it was the
wrong appointment; after a rejection, that the request is open again. `mail` is then `queued`. Nobody is written to
about a visit that is past, or if no e-mail may have arrived.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Reopening
from bookings.entrypoints.answers.requests import StaffRequest, answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.observability import count_metric
from bookings.use_cases.reopen_request import reopen_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[StaffRequest]:
    context = call.command_context()
    reopening = call.body(Reopening) if call.raw_body() else Reopening()
    request = reopen_request(APP.practices, APP.bookings, context, reopening)
    count_metric("RequestsReopened")
    return answer_with_request(request)
