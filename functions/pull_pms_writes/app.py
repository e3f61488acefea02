"""POST /pms/{agent_id}/pull: lease appointments for a PMS sync agent to write."""

from bookings.bootstrap import bootstrap
from bookings.domain.outbox.pms_write import Pull
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.response_bodies import leased_write_response
from bookings.entrypoints.webhook import delivery_key, verify_signature
from bookings.use_cases.pull_pms_writes import pull_pms_writes

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    raw = call.raw_body()
    agent = verify_signature(APP.practices.agent(call.path("agent_id")), raw, call.headers)
    body = call.body(Pull) if raw else Pull()
    idempotency_key = delivery_key(agent, raw, call.headers, operation="pull")
    leased = pull_pms_writes(APP.bookings, agent, body.limit, idempotency_key, call.stamp(f"agent:{agent.id}"))
    return Answer({"writes": [leased_write_response(write, appointment) for write, appointment in leased]})
