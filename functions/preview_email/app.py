"""GET /practices/{practice_id}/requests/{request_id}/letter: what the patient would read, were it decided so."""

from dataclasses import asdict

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.email_preview import PreviewedDecision
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.preview_email import preview_email_for

APP = bootstrap("practices", "bookings")

Query = PreviewedDecision


@endpoint
def handler(call: Call) -> Answer:
    from bookings.emails.patient_email import preview  # noqa: PLC0415  # a refusal needs no templates

    practice_id, stamp = call.staff(), call.stamp("staff")
    supposed = call.query(Query)
    email = preview_email_for(
        APP.practices, APP.bookings, practice_id, call.path("request_id"), supposed, stamp, preview
    )
    return Answer(asdict(email))
