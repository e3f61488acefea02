"""POST /public/practices/{practice_id}/requests: submit a booking request.

An e-mail address or a phone number is required. The time is neither reserved nor checked against the schedule: the
front desk decides. The answer has the `manage_token` with which the patient reads and withdraws the request; it is not
shown again. A practice takes a limited number of requests in an hour. Above it the answer is 429 `too-many-requests`
with the seconds until the hour ends; a repeated call still gets its first answer.
"""

from http import HTTPStatus

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Submission
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.observability import count_metric
from bookings.use_cases.submit_request import SubmittedRequest, submit_request

APP = bootstrap("practices", "bookings", "submissions_per_hour")


@endpoint
def handler(call: Call) -> Answer[SubmittedRequest]:
    submitted = submit_request(
        APP.practices,
        APP.bookings,
        call.path("practice_id"),
        call.body(Submission),
        call.required_idempotency_key("patient"),
        call.stamp("patient"),
        hourly_limit=APP.submissions_per_hour,
    )
    count_metric("RequestsReceived")
    return Answer(submitted, HTTPStatus.CREATED)
