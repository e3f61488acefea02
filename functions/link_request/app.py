"""POST /practices/{practice_id}/requests/{request_id}/link: link a request to an existing appointment.

The request becomes accepted, with the time of an appointment that is already in the PMS. Nothing is written into the
PMS. This works for every practice, also where the PMS cannot create appointments. `GET …/matches` lists the
candidates. From then on the request follows the appointment when the PMS moves or cancels it.

An accepted request can be linked again once its appointment was cancelled in the PMS, for instance because the PMS
moves by deleting and creating: see `new_appointment`. It stays accepted, and its decision stays as it was. With
`notify` the patient is told the new time, and the entry in their calendar moves with it.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Linking
from bookings.entrypoints.answers.requests import StaffRequest, answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.observability import count_decision
from bookings.use_cases.link_request import link_request

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[StaffRequest]:
    request = link_request(APP.practices, APP.bookings, call.command_context(), call.body(Linking))
    count_decision(request)
    return answer_with_request(request)
