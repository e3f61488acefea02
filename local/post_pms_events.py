"""Posts signed PMS events to the running stack, as the agent of a demo practice does."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from local.pms_sync_agent import signature_headers
from local.terminal_output import CommandError


def post_event_of_practice(base_url: str, practice_id: str, event_json: str) -> str:
    """Post one event, signed with the secret of the practice's agent. Returns the body of the API's response.

    Raises CommandError if the stack is not running, the practice does not exist or the event is not JSON.
    """
    with httpx.Client(base_url=base_url, timeout=40) as client:
        try:
            practices = {practice["practice_id"]: practice for practice in client.get("/local/practices").json()}
        except httpx.TransportError:
            raise CommandError(f"no stack is running at {base_url}; start it with `make run`") from None
        if practice_id not in practices:
            raise CommandError(f"no demo practice has the id {practice_id}; use one of {', '.join(practices)}")
        practice = practices[practice_id]
        try:
            event = json.loads(event_json)
        except ValueError:
            raise CommandError("the event is not valid JSON") from None
        return post_events(client, practice["agent_id"], practice["agent_secret"], [event]).text


def post_events(client: httpx.Client, agent_id: str, secret: str, events: Sequence[dict[str, Any]]) -> httpx.Response:
    """Post a batch of events, signed with the agent's secret as Standard Webhooks specifies."""
    body, message_id, now = json.dumps({"events": events}), f"msg_{uuid4().hex}", datetime.now(UTC)
    headers = signature_headers(secret, message_id, now, body)
    return client.post(f"/v1/pms/{agent_id}/events", content=body, headers=headers)
