"""POST /practices/{practice_id}/requests/{request_id}/dismiss: clear the request's attention.

Staff have dealt with what `attention` named. The status of the request stays as it is. 409 `move-not-allowed` if there
is no attention. A decision clears it too, and so does the PMS when it restores a cancelled appointment.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.requests import StaffRequest, answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.dismiss_attention import dismiss_attention

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[StaffRequest]:
    request = dismiss_attention(APP.practices, APP.bookings, call.command_context())
    return answer_with_request(request)
