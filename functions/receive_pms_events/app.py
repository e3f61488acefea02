"""POST /pms/{agent_id}/events: a PMS sync agent reports what changed."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import batch_result_response
from bookings.entrypoints.webhook_signature import MAX_BATCH_BYTES, delivery_key, parse_batch, verify_signature
from bookings.observability import count_metric, logger
from bookings.use_cases.receive_pms_events import receive_events

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    raw = call.raw_body(limit=MAX_BATCH_BYTES)
    agent = verify_signature(APP.practices.agent(call.path("agent_id")), raw, call.headers)
    idempotency_key = delivery_key(agent, raw, call.headers)
    received = receive_events(
        APP.practices, APP.bookings, agent, parse_batch(raw), idempotency_key, call.stamp(f"agent:{agent.id}")
    )
    for one in received.contradictions:
        logger.warning("pms_contradicts_itself", practice_id=agent.practice_id, type=one.type, thing_id=one.id)
        count_metric("PmsContradictions")
    return Answer(batch_result_response(received))
