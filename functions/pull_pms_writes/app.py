"""POST /pms/{agent_id}/pull: a PMS sync agent takes the appointments that are to be written."""

from bookings.bootstrap import bootstrap
from bookings.domain.decisions.commands import Pull
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import leased_write_response
from bookings.entrypoints.webhook_signature import delivery_key, verify_signature
from bookings.use_cases.pull_pms_writes import pull_pms_writes

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    raw = call.raw_body()
    agent = verify_signature(APP.practices.agent(call.path("agent_id")), raw, call.headers)
    asked = call.body(Pull) if raw else Pull()
    idempotency_key = delivery_key(agent, raw, call.headers, operation="pull")
    pulled = pull_pms_writes(APP.bookings, agent, asked.limit, idempotency_key, call.stamp(f"agent:{agent.id}"))
    return Answer({"writes": [leased_write_response(write, appointment) for write, appointment in pulled]})
