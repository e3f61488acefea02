"""GET /practices/{practice_id}/requests/{request_id}/email-preview: preview the e-mail of a decision.

Subject and plain text as they would be sent: `kind=confirmation` with the fields of an accept, or `kind=rejection`
with its `reason`. Fields that are left out stay as requested. Nothing is sent or stored.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.email_preview import PreviewedDecision
from bookings.domain.outbox.email import EmailPreview
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.preview_email import preview_email

APP = bootstrap("practices", "bookings")

Query = PreviewedDecision


@endpoint
def handler(call: Call) -> Answer[EmailPreview]:
    from bookings.emails.patient_email import render_preview  # noqa: PLC0415  # refusals need no templates

    practice_id, stamp = call.staff(), call.stamp("staff")
    decision = call.query(Query)
    email = preview_email(
        APP.practices, APP.bookings, practice_id, call.path("request_id"), decision, stamp, render_preview
    )
    return Answer(email)
