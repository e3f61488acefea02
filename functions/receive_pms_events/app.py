"""POST /pms/{agent_id}/events: ingest a batch of events from a PMS sync agent."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.response_bodies import batch_result_response
from bookings.entrypoints.webhook import MAX_BATCH_BYTES, delivery_key, parse_batch, verify_signature
from bookings.observability import count_metric, logger
from bookings.use_cases.receive_pms_events import receive_events

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer:
    raw = call.raw_body(limit=MAX_BATCH_BYTES)
    agent = verify_signature(APP.practices.agent(call.path("agent_id")), raw, call.headers)
    idempotency_key = delivery_key(agent, raw, call.headers)
    result = receive_events(
        APP.practices, APP.bookings, agent, parse_batch(raw), idempotency_key, call.stamp(f"agent:{agent.id}")
    )
    for contradiction in result.contradictions:
        logger.warning(
            "pms_contradicts_itself",
            practice_id=agent.practice_id,
            type=contradiction.type,
            thing_id=contradiction.id,
        )
        count_metric("PmsContradictions")
    return Answer(batch_result_response(result))
