"""POST /practices/{practice_id}/findings/{finding_id}/handle: somebody has seen to what repeats itself."""

from bookings.domain.decisions.commands import DaysOfReceipt
from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.storage.finding_store import open_findings
from bookings.use_cases import findings

STORES, FINDINGS = open_findings()


Query = DaysOfReceipt


@endpoint
def handler(call: Call) -> Answer:
    practice_id, query, by = call.staff(), call.query(Query), call.staff_member
    practice, mark = findings.handle(
        STORES.practices,
        STORES.bookings,
        FINDINGS,
        practice_id,
        call.path("finding_id"),
        (query.first_day, query.last_day),
        call.required_attempt(by),
        call.stamp(by),
    )
    return Answer(views.handled(mark, practice))
