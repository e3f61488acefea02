"""POST /practices/{practice_id}/findings/{finding_id}/handle: mark a finding as handled.

The finding is hidden until enough requests that are received after today have the same cause. `from` and `to` are
those of the list that contained it.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.reporting.request_query import DaysOfReceipt
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.reports.finding_json import HandledFinding, to_handled_finding
from bookings.use_cases.findings import mark_finding_handled

APP = bootstrap("practices", "bookings", "misfits")


Query = DaysOfReceipt


@endpoint
def handler(call: Call) -> Answer[HandledFinding]:
    practice_id, query, by = call.staff(), call.query(Query), call.staff_member
    practice, mark = mark_finding_handled(
        APP.practices,
        APP.bookings,
        APP.misfits,
        practice_id,
        call.path("finding_id"),
        (query.first_day, query.last_day),
        call.required_idempotency_key(by),
        call.stamp(by),
    )
    return Answer(to_handled_finding(mark, practice))
