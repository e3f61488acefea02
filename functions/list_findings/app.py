"""GET /practices/{practice_id}/findings: recurring causes of requests that did not fit.

For the requests received on these days, both included, 400 days at most. Without `to` the period ends today, without
`from` it has 90 days. A finding is a cause of misfits that recurs in one segment (weekday, hour, practitioner,
service or chair) more often than chance explains, with a fix that the practice can make. A misfit is a request that
was accepted with changes, linked to something else than was requested, rejected because of the schedule, or expired.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.reporting.request_query import DaysOfReceipt
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.reports.finding_json import PracticeFindings, to_practice_findings
from bookings.use_cases.findings import list_findings

APP = bootstrap("practices", "bookings", "misfits")


Query = DaysOfReceipt


@endpoint
def handler(call: Call) -> Answer[PracticeFindings]:
    practice_id, query = call.staff(), call.query(Query)
    days = query.first_day, query.last_day
    shown = list_findings(APP.practices, APP.bookings, APP.misfits, practice_id, days, call.now)
    return Answer(to_practice_findings(shown))
