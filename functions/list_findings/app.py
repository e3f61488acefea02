"""GET /practices/{practice_id}/findings: recurring causes of requests that did not fit."""

from bookings.bootstrap import bootstrap
from bookings.domain.reporting.request_query import DaysOfReceipt
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.reports.report_json import findings_json
from bookings.use_cases.findings import list_findings

APP = bootstrap("practices", "bookings", "misfits")


Query = DaysOfReceipt


@endpoint
def handler(call: Call) -> Answer:
    practice_id, query = call.staff(), call.query(Query)
    days = query.first_day, query.last_day
    shown = list_findings(APP.practices, APP.bookings, APP.misfits, practice_id, days, call.now)
    return Answer(findings_json(shown))
