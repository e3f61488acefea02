"""GET /practices/{practice_id}/requests/{request_id}/matches: appointments that may be the requested one.

The best match first: the same list as in a `possible-match` problem. It has future appointments that are linked to no
request. Empty if the patient has no such appointment.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.appointments import AppointmentMatch, to_appointment_match
from bookings.entrypoints.answers.lists import Items
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.list_matches import list_matches

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[Items[AppointmentMatch]]:
    matches = list_matches(APP.practices, APP.bookings, call.staff(), call.path("request_id"), call.now)
    return Answer({"items": [to_appointment_match(match) for match in matches]})
