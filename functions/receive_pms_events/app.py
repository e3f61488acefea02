"""POST /pms/{agent_id}/events: a PMS sync agent reports what changed."""

from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, endpoint
from bookings.entrypoints.webhook_signature import MAX_BATCH, authenticated, delivery, events_of
from bookings.observability import count, logger
from bookings.storage.stores import open_stores
from bookings.use_cases import receive_pms_events as pms

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    raw = call.raw_body(limit=MAX_BATCH)
    agent = authenticated(STORES.practices.agent(call.path("agent_id")), raw, call.headers)
    attempt = delivery(agent, raw, call.headers)
    received = pms.receive(
        STORES.practices, STORES.bookings, agent, events_of(raw), attempt, call.stamp(f"agent:{agent.id}")
    )
    for one in received.contradictions:
        logger.warning("pms_contradicts_itself", practice_id=agent.practice_id, type=one.type, thing_id=one.id)
        count("PmsContradictions")
    return Answer(views.received(received))
