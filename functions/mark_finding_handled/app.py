"""POST /practices/{practice_id}/findings/{finding_id}/handle: mark a finding as handled."""

from bookings.bootstrap import bootstrap
from bookings.domain.reporting.request_query import DaysOfReceipt
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.reports.report_json import finding_mark_json
from bookings.use_cases.findings import mark_finding_handled

APP = bootstrap("practices", "bookings", "misfits")


Query = DaysOfReceipt


@endpoint
def handler(call: Call) -> Answer:
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
    return Answer(finding_mark_json(mark, practice))
