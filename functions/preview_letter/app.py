"""GET /practices/{practice_id}/requests/{request_id}/letter: what the patient would read, were it decided so."""

from dataclasses import asdict

from bookings.domain.decisions.email_preview import Supposed
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.storage.stores import open_stores
from bookings.use_cases import preview_email as foreseeing

STORES = open_stores()

Query = Supposed


@endpoint
def handler(call: Call) -> Answer:
    from bookings.emails.patient_email import plain  # noqa: PLC0415  # a refusal needs no templates

    practice_id, stamp = call.staff(), call.stamp("staff")
    supposed = call.query(Query)
    letter = foreseeing.letter(
        STORES.practices, STORES.bookings, practice_id, call.path("request_id"), supposed, stamp, plain
    )
    return Answer(asdict(letter))
