"""POST /practices/{practice_id}/requests/{request_id}/watch: wait for the PMS to send the appointment.

The front desk says "I'll do this later": the request stays pending, and is linked as soon as the PMS sends the
patient's one certain match. A match that is not certain sets `attention` to `match_found`. Any decision ends the watch.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Watching
from bookings.entrypoints.answers.requests import StaffRequest, answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.watch_request import watch_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[StaffRequest]:
    request = watch_request(APP.practices, APP.bookings, call.command_context(), call.body(Watching))
    return answer_with_request(request)
