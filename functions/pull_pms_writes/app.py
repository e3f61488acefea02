"""POST /pms/{agent_id}/pull: lease appointments for a PMS sync agent to write.

Leases writes for 60 seconds. Carry each out in the PMS, then send `write.completed` or `write.failed` as an event.
Without an outcome a write is leased again, with the same `write_id`: after 60 seconds, then after 1, 2, 4 and 8
minutes more. After six leases, or half an hour after it was queued, it times out; an outcome that comes later still
counts.

If you crash, do nothing: the write comes again. Store `write_id` with the appointment that you create, and look for it
before you create one, so that a repeated lease makes no second appointment. If the answer to a pull was lost, repeat
the call with the same `webhook-id`: you get the writes that it still holds.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.outbox.pms_write import Pull
from bookings.entrypoints.answers.pms_writes import PulledWrites, to_pulled_writes
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.webhook import delivery_key, verify_signature
from bookings.use_cases.pull_pms_writes import pull_pms_writes

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[PulledWrites]:
    raw = call.raw_body()
    agent = verify_signature(APP.practices.agent(call.path("agent_id")), raw, call.headers, call.now)
    body = call.body(Pull) if raw else Pull()
    idempotency_key = delivery_key(agent, raw, call.headers, operation="pull")
    leased = pull_pms_writes(APP.bookings, agent, body.limit, idempotency_key, call.stamp(f"agent:{agent.id}"))
    return Answer(to_pulled_writes(leased))
