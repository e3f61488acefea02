"""POST /practices/{practice_id}/findings/{finding_id}/handle: somebody has seen to what repeats itself."""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import DaysOfReceipt
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import finding_mark_response
from bookings.use_cases.findings import mark_finding_handled

APP = bootstrap("practices", "bookings", "findings")


Query = DaysOfReceipt


@endpoint
def handler(call: Call) -> Answer:
    practice_id, query, by = call.staff(), call.query(Query), call.staff_member
    practice, mark = mark_finding_handled(
        APP.practices,
        APP.bookings,
        APP.findings,
        practice_id,
        call.path("finding_id"),
        (query.first_day, query.last_day),
        call.required_idempotency_key(by),
        call.stamp(by),
    )
    return Answer(finding_mark_response(mark, practice))
