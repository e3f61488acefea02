"""GET /practices/{practice_id}/requests/{request_id}: one request, and whether it fits.

`ETag` is the revision, which a decision sends in `If-Match`. `fit` says whether the requested time still fits the
schedule, and what is in the way; `mail` what became of the patient's e-mail; `pms_write` whether the appointment is in
the PMS. `new_appointment` is the patient's new appointment in the PMS, if the request's own was cancelled there.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.requests import StaffRequest, answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.read_requests import read_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[StaffRequest]:
    found = read_request(APP.practices, APP.bookings, call.staff(), call.path("request_id"), call.now)
    return answer_with_request(found.request, found.fit, found.others, found.new_appointment)
