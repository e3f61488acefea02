"""Rules for the events that an agent reports: the contract, versions, and what follows a rejection."""

import json
from collections import Counter
from typing import Any

from pydantic import ValidationError

from bookings.domain.pms.event_models import EVENT_DATA, UNVERSIONED_EVENTS, Event
from bookings.entrypoints.webhook import MAX_BATCH_BYTES, MAX_EVENTS
from local.agent_check.recording import Fault, Json, Recording, read_json
from local.agent_check.verdict import Rule, Verdict, failed, not_seen, passed

_OBJECT_TYPES = {"provider": "practitioner", "operatory": "chair"}
_MAX_REPEATS = 3
"""An agent may send a rejected event again after a restart, but not in a loop."""
_REPORT_SOMETHING = "enter or change an appointment in the PMS"


def batch_error(raw: bytes) -> str | None:
    """Why Chairlink refuses the whole batch, None if it does not."""
    if len(raw) > MAX_BATCH_BYTES:
        return f"{len(raw)} bytes; the limit is {MAX_BATCH_BYTES}"
    batch = read_json(raw)
    if not isinstance(batch, dict) or set(batch) != {"events"} or not isinstance(batch["events"], list):
        return 'the body is not {"events": […]}'
    if not 0 < len(batch["events"]) <= MAX_EVENTS:
        return f"{len(batch['events'])} events; the limits are 1 and {MAX_EVENTS}"
    return None if all(isinstance(event, dict) for event in batch["events"]) else "an event is not a JSON object"


def event_errors(event: Json) -> list[dict[str, str]]:
    """The fields of the event that the contract does not accept."""
    try:
        parsed = Event.model_validate_json(json.dumps(event))
        if parsed.type not in EVENT_DATA:
            return [{"field": "type", "message": f"unknown event type {parsed.type!r}"}]
        if parsed.version is None and parsed.type not in UNVERSIONED_EVENTS:
            return [{"field": "version", "message": "is missing"}]
        EVENT_DATA[parsed.type].model_validate_json(json.dumps(parsed.data))  # strict models read dates as JSON only
    except ValidationError as error:
        return [{"field": ".".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors()]
    return []


def sends_valid_batches(recording: Recording) -> Verdict:
    """Every batch has the form, the number of events and the size that Chairlink accepts."""
    deliveries = recording.deliveries()
    for call in deliveries:
        if error := batch_error(call.body):
            return failed(f"batch {call.webhook_id}: {error}", "1 to 100 events in at most 256 KB")
    return passed(f"{len(deliveries)} batches") if deliveries else not_seen(_REPORT_SOMETHING)


def sends_valid_events(recording: Recording) -> Verdict:
    """Every event is one that the contract accepts."""
    types: Counter[str] = Counter()
    for call in recording.deliveries():
        for index, event in enumerate(call.events):
            if errors := event_errors(event):
                return failed(
                    f"event {index} ({event.get('type')}) of {call.webhook_id}: "
                    + "; ".join(f"{one['field']}: {one['message']}" for one in errors[:3]),
                    "the fields of docs/api.md, Events",
                )
            types[event["type"]] += 1
    if not types:
        return not_seen(_REPORT_SOMETHING)
    return passed(", ".join(f"{count} {kind}" for kind, count in sorted(types.items())))


def raises_versions(recording: Recording) -> Verdict:
    """Other content of an object has a higher version; the same version always has the same content."""
    contents: dict[tuple[str, str], dict[int, str]] = {}
    for event in _versioned_events(recording):
        thing, version, content = _key(event), Event.model_validate(event).version or 0, _content(event)
        known = contents.setdefault(thing, {})
        name = f"{thing[0]} {thing[1]}"
        if known.get(version, content) != content:
            return failed(f"version {version} of {name} with two contents", "a higher version for each change")
        if version not in known and known and version < max(known):
            return failed(f"version {version} of {name} after version {max(known)}", "versions that rise")
        known[version] = content
    if any(len(known) > 1 for known in contents.values()):
        return passed(f"versions of {len(contents)} objects")
    return not_seen("change an appointment that the agent has reported")


def goes_on_after_rejection(recording: Recording) -> Verdict:
    """After a rejected event the agent goes on, and does not send that event in a loop."""
    rejected = next((call for call in recording.calls if call.fault is Fault.REJECTION), None)
    if rejected is None:
        return not_seen(_REPORT_SOMETHING)
    index = (rejected.answer or {})["rejected"][0]["index"]
    event, later = rejected.events[index], [c for c in recording.calls if c.received_at > rejected.answered_at]
    repeats = sum(event in call.events for call in later if call.resource == "events")
    if repeats > _MAX_REPEATS:
        return failed(f"a rejected event sent {repeats} times more", "the event logged, and not sent again unchanged")
    if any(call.webhook_id != rejected.webhook_id for call in later):
        return passed(f"{len(later)} calls after a rejected event")
    if recording.ended_at - rejected.answered_at > recording.pace.answer_within:
        return failed("no call after a rejected event", "the agent to go on with other events and pulls")
    return not_seen("wait for the calls after the rejected event")


def _versioned_events(recording: Recording) -> list[Json]:
    events = [event for call in recording.deliveries() for event in call.events]
    return [event for event in events if event.get("type") not in UNVERSIONED_EVENTS and not event_errors(event)]


def _key(event: Json) -> tuple[str, str]:
    """Object type and id. `appointment.upserted` and `appointment.deleted` are about one object."""
    kind = str(event["type"]).partition(".")[0]
    return _OBJECT_TYPES.get(kind, kind), str(event["data"]["id"])


def _content(event: dict[str, Any]) -> str:
    return json.dumps([str(event["type"]).partition(".")[2], event["data"]], sort_keys=True)


EVENT_RULES = (
    Rule("batch", sends_valid_batches),
    Rule("event-contract", sends_valid_events),
    Rule("versions", raises_versions),
    Rule("rejected-event", goes_on_after_rejection),
)
