"""POST /pms/{agent_id}/pull: a PMS sync agent takes the appointments that are to be written."""

from bookings.domain.decisions.commands import Pull
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.entrypoints.responses import handed_out
from bookings.entrypoints.webhook_signature import authenticated, delivery
from bookings.storage.stores import open_stores
from bookings.use_cases import pull_pms_writes as pulling

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    raw = call.raw_body()
    agent = authenticated(STORES.practices.agent(call.path("agent_id")), raw, call.headers)
    asked = call.body(Pull) if raw else Pull()
    attempt = delivery(agent, raw, call.headers, operation="pull")
    pulled = pulling.pull(STORES.bookings, agent, asked.limit, attempt, call.stamp(f"agent:{agent.id}"))
    return Answer({"writes": [handed_out(write, appointment) for write, appointment in pulled]})
