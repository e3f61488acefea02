"""PATCH /practices/{practice_id}/requests/{request_id}/patient: correct what was mistyped about the patient.

A JSON merge patch (RFC 7396): a field that is left out stays as it is, null clears it. The names cannot be cleared,
and an e-mail address or a phone number must remain. Every status allows it. With another e-mail address the patient's
link to the request ends. Nobody is written to; `notify` then sends what is true now to the corrected address.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import PatientCorrection
from bookings.entrypoints.answers.requests import StaffRequest, answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.correct_patient import correct_patient

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[StaffRequest]:
    request = correct_patient(APP.practices, APP.bookings, call.command_context(), call.body(PatientCorrection))
    return answer_with_request(request)
