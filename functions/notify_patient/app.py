"""POST /practices/{practice_id}/requests/{request_id}/notify: tell the patient what is true now.

Use it after the PMS has moved the appointment (`moved_in_pms`) or after an e-mail has failed (`mail_failed`). A visit
that is ahead is confirmed with its present time, and the entry in the patient's calendar moves with it. If the visit is
not on any more, the confirmation that the patient may have is taken back. Nobody is written to about a visit that is
past: then, and whenever there is nothing to tell, the answer is 409 `move-not-allowed`.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.requests import StaffRequest, answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.notify_patient import notify_patient

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[StaffRequest]:
    request = notify_patient(APP.practices, APP.bookings, call.command_context())
    return answer_with_request(request)
