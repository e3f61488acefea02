"""Tells the running stack something, as a demo practice's PMS agent would: signed events."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from local.pms_sync_agent import signed
from local.terminal_output import CannotGoOn


def tell(base_url: str, practice_id: str, event: str) -> str:
    """Post one event, signed with the practice's own secret; what the API answers."""
    with httpx.Client(base_url=base_url, timeout=40) as door:
        try:
            practices = {practice["practice_id"]: practice for practice in door.get("/local/practices").json()}
        except httpx.TransportError:
            raise CannotGoOn(f"nobody answers at {base_url}: is `make run` running?") from None
        if practice_id not in practices:
            raise CannotGoOn(f"there is no demo practice {practice_id}; there are {', '.join(practices)}")
        agent = practices[practice_id]
        try:
            told = json.loads(event)
        except ValueError:
            raise CannotGoOn("the event is not JSON") from None
        return post(door, agent["agent_id"], agent["agent_secret"], [told]).text


def post(door: httpx.Client, agent_id: str, secret: str, events: Sequence[dict[str, Any]]) -> httpx.Response:
    """Post a batch as Standard Webhooks wants it."""
    body, message_id, now = json.dumps({"events": events}), f"msg_{uuid4().hex}", datetime.now(UTC)
    return door.post(f"/v1/pms/{agent_id}/events", content=body, headers=signed(secret, message_id, now, body))
