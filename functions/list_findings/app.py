"""GET /practices/{practice_id}/findings: why requests did not fit, and what repeats itself."""

from bookings.domain.decisions.commands import DaysOfReceipt
from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.storage.finding_store import open_findings
from bookings.use_cases import findings

STORES, FINDINGS = open_findings()


Query = DaysOfReceipt


@endpoint
def handler(call: Call) -> Answer:
    practice_id, query = call.staff(), call.query(Query)
    days = query.first_day, query.last_day
    shown = findings.show(STORES.practices, STORES.bookings, FINDINGS, practice_id, days, call.now)
    return Answer(views.findings(shown))
