"""POST /pms/{agent_id}/events: ingest a batch of events from a PMS sync agent.

At most 100 events and 256 KB. 200 means that every valid event is stored. Each event counts on its own: `rejected`
has the index and the errors of those that are not valid. A transient fault answers 503 for the whole batch; send it
again.

`version` is the PMS's own rising number for that object, or the time of its latest change. An older or equal version
changes nothing, and a deletion is remembered, so duplicates, replays and any order end in the same state. Other
content under a known version is a contradiction: the first content stays in effect, and `contradictions` names the
event. The types `write.completed`, `write.failed` and `heartbeat` need no version.

A deletion is `appointment.deleted` with the `id` of the appointment and a newer version. Each type has a schema and an
example.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.event_batches import EventBatchResult, to_event_batch_result
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.webhook import MAX_BATCH_BYTES, delivery_key, parse_batch, verify_signature
from bookings.observability import count_metric, logger
from bookings.use_cases.receive_pms_events import receive_events

APP = bootstrap("practices", "bookings")


@endpoint
def handler(call: Call) -> Answer[EventBatchResult]:
    raw = call.raw_body(limit=MAX_BATCH_BYTES)
    agent = verify_signature(APP.practices.agent(call.path("agent_id")), raw, call.headers, call.now)
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
    return Answer(to_event_batch_result(result))
