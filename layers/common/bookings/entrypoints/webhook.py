"""Signature and body of the webhooks of PMS agents (Standard Webhooks 1.0).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from collections.abc import Mapping
from typing import Any

from standardwebhooks import Webhook

from bookings.domain.kernel.errors import Invalid, Malformed, Unauthenticated
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.practice.agent import Agent
from bookings.entrypoints.call import load_json

MAX_BATCH_BYTES = 256 * 1024
"""Size limit of a batch, in bytes."""

MAX_EVENTS = 100


def verify_signature(agent: Agent | None, raw: bytes, headers: Mapping[str, str]) -> Agent:
    """The agent, if one of its secrets signed these bytes less than five minutes ago; raises Unauthenticated.

    The answer is the same if the agent does not exist, so that callers cannot find out which ids exist.
    """
    if agent is None or not any(_is_signed_with(secret, raw, headers) for secret in agent.secrets):
        raise Unauthenticated
    return agent


def delivery_key(agent: Agent, raw: bytes, headers: Mapping[str, str], operation: str = "events") -> IdempotencyKey:
    """The idempotency key of a delivery, made from the header `webhook-id`."""
    return IdempotencyKey.of(principal=agent.id, operation=operation, key=headers["webhook-id"], payload=raw)


def parse_batch(raw: bytes) -> list[dict[str, Any]]:
    """The events of a batch, not yet parsed; raises Malformed or Invalid if the body is not a batch."""
    body = load_json(raw)
    if not isinstance(body, dict) or set(body) != {"events"} or not isinstance(body["events"], list):
        raise Invalid.field("events", "must be a list, and the only field of the body")
    events = body["events"]
    if not 0 < len(events) <= MAX_EVENTS:
        raise Invalid.field("events", f"must have 1 to {MAX_EVENTS} events")
    if not all(isinstance(event, dict) for event in events):
        raise Malformed("Every event must be a JSON object.")
    return events


def _is_signed_with(secret: str, raw: bytes, headers: Mapping[str, str]) -> bool:
    try:
        Webhook(secret).verify(raw, dict(headers), json_parse=False)
    except Exception:  # noqa: BLE001  # the library raises various errors for malformed headers
        return False
    return True
