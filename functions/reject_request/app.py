"""POST /practices/{practice_id}/requests/{request_id}/reject: reject a request, with a reason.

For a reason from a fixed list, so that reasons can be counted. The patient gets an e-mail if `notify` is true. Nothing
is booked.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Rejection
from bookings.entrypoints.answers.requests import StaffRequest, answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.observability import count_decision
from bookings.use_cases.reject_request import reject_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[StaffRequest]:
    request = reject_request(APP.practices, APP.bookings, call.command_context(), call.body(Rejection))
    count_decision(request)
    return answer_with_request(request)
