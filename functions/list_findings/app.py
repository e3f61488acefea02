"""GET /practices/{practice_id}/findings: why requests did not fit, and what repeats itself."""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import DaysOfReceipt
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import findings_response
from bookings.use_cases.findings import list_findings

APP = bootstrap("practices", "bookings", "findings")


Query = DaysOfReceipt


@endpoint
def handler(call: Call) -> Answer:
    practice_id, query = call.staff(), call.query(Query)
    days = query.first_day, query.last_day
    shown = list_findings(APP.practices, APP.bookings, APP.findings, practice_id, days, call.now)
    return Answer(findings_response(shown))
