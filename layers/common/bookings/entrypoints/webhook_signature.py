"""Webhooks of PMS agents, signed as Standard Webhooks 1.0 describes (DESIGN §6)."""

from collections.abc import Mapping
from typing import Any

from standardwebhooks import Webhook

from bookings.domain.kernel.errors import Invalid, Malformed, Unauthenticated
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.practice.agent import Agent
from bookings.entrypoints.call import load_json

MAX_BATCH_BYTES = 256 * 1024
"""Bytes of a batch."""

MAX_EVENTS = 100


def verify_signature(agent: Agent | None, raw: bytes, headers: Mapping[str, str]) -> Agent:
    """The agent, if one of its secrets signed these bytes within five minutes; raises Unauthenticated.

    An agent that does not exist is refused in the same words: nobody learns here which ones do.
    """
    if agent is None or not any(_signed(secret, raw, headers) for secret in agent.secrets):
        raise Unauthenticated
    return agent


def delivery_key(agent: Agent, raw: bytes, headers: Mapping[str, str], operation: str = "events") -> IdempotencyKey:
    """The delivery that the webhook's id names, so that a second one changes nothing."""
    return IdempotencyKey.of(principal=agent.id, operation=operation, key=headers["webhook-id"], payload=raw)


def parse_batch(raw: bytes) -> list[dict[str, Any]]:
    """The events of a batch, each still to be read; raises Malformed or Invalid for a body that is no batch."""
    body = load_json(raw)
    if not isinstance(body, dict) or set(body) != {"events"} or not isinstance(body["events"], list):
        raise Invalid.field("events", "the body is an object with a list of events, and nothing else")
    events = body["events"]
    if not 0 < len(events) <= MAX_EVENTS:
        raise Invalid.field("events", f"a batch has 1 to {MAX_EVENTS} events")
    if not all(isinstance(event, dict) for event in events):
        raise Malformed("Every event is an object.")
    return events


def _signed(secret: str, raw: bytes, headers: Mapping[str, str]) -> bool:
    try:
        Webhook(secret).verify(raw, dict(headers), json_parse=False)
    except Exception:  # noqa: BLE001  # the library raises whatever a malformed header happens to break
        return False
    return True
