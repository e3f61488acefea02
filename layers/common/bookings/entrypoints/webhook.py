"""Signature and body of the webhooks of PMS agents (Standard Webhooks 1.0).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

from bookings.domain.kernel.errors import Invalid, Malformed, Unauthenticated
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.pms.event_json import DoubledKeys, load_batch
from bookings.domain.practice.agent import Agent

MAX_BATCH_BYTES = 256 * 1024
"""Size limit of a batch, in bytes."""

MAX_EVENTS = 100

TOLERANCE = timedelta(minutes=5)
"""How far `webhook-timestamp` may be from our clock; the library has the same limit."""

_HMAC_SHA256_BYTES = 32

MAX_HEADER_LENGTHS = {"webhook-id": 255, "webhook-timestamp": 40, "webhook-signature": 1024}
"""The headers that a delivery needs, with the most characters of each."""

_REUSE_ADVICE = (
    "This webhook-id was already used for another body, which counts. Send a corrected batch under a new webhook-id. "
    "To repeat the first delivery, send its body unchanged."
)

_UNUSED_SECRETS = tuple(f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}" for _ in range(2))
"""No agent's. They are tried in place of missing ones, so that every call costs the two checks of a rotating agent."""


def verify_signature(agent: Agent | None, raw: bytes, headers: Mapping[str, str], now: datetime) -> Agent:
    """The agent, if one of its secrets signed these bytes less than five minutes ago; raises Unauthenticated.

    The refusal says what is wrong with the headers, which callers can see for themselves. Whether the agent exists and
    whose secret is wrong, it does not say: an unknown agent gets the same answer in the same time.
    """
    well_formed = _check_headers(headers, now)
    own = agent.secrets if agent else ()
    tried = (*own, *_UNUSED_SECRETS)[: max(len(_UNUSED_SECRETS), len(own))]
    verified = [_is_signed_with(secret, raw, well_formed) for secret in tried]
    if agent is None or not any(verified[: len(own)]):
        raise Unauthenticated(
            "No signature fits. Sign webhook-id, webhook-timestamp and the bytes of the body, joined by points, with "
            "the secret of this agent."
        )
    return agent


def delivery_key(agent: Agent, raw: bytes, headers: Mapping[str, str], operation: str = "events") -> IdempotencyKey:
    """The idempotency key of a delivery, made from the header `webhook-id`."""
    key = IdempotencyKey.of(principal=agent.id, operation=operation, key=headers["webhook-id"], payload=raw)
    return replace(key, reuse_advice=_REUSE_ADVICE)


def parse_batch(raw: bytes) -> list[Any]:
    """The events of a batch as JSON values, which may be anything: each is judged on its own.

    Raises Malformed if the body is not JSON, and Invalid if it is not a batch.
    """
    try:
        body = load_batch(raw.decode())
    except ValueError:
        raise Malformed("The body is not valid JSON in UTF-8.") from None
    if not isinstance(body, dict) or set(body) != {"events"} or not isinstance(body["events"], list):
        raise Invalid.field("events", "must be a list, and the only field of the body")
    if isinstance(body, DoubledKeys):
        raise Invalid.field("events", "is given twice; give it once")
    events = body["events"]
    if not 0 < len(events) <= MAX_EVENTS:
        raise Invalid.field("events", f"must have 1 to {MAX_EVENTS} events")
    return events


def _check_headers(headers: Mapping[str, str], now: datetime) -> dict[str, str]:
    """The headers with the signatures that can be compared; raises Unauthenticated, saying which header is wrong."""
    for name, longest in MAX_HEADER_LENGTHS.items():
        if not headers.get(name):
            raise Unauthenticated(f"The header {name} is missing.")
        if len(headers[name]) > longest:
            raise Unauthenticated(f"The header {name} has more than {longest} characters.")
    try:
        sent_at = datetime.fromtimestamp(float(headers["webhook-timestamp"]), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unauthenticated(
            "The header webhook-timestamp is malformed. Send the seconds since 1970, such as 1784131200."
        ) from None
    if abs(sent_at - now) > TOLERANCE:
        raise Unauthenticated(
            f"The header webhook-timestamp is more than five minutes from the time here, which is "
            f"{now:%Y-%m-%dT%H:%M:%SZ}. Set the clock of the agent, and sign each attempt anew."
        )
    signatures = [part for part in headers["webhook-signature"].split(" ") if _is_signature(part)]
    if not signatures:
        raise Unauthenticated(
            "The header webhook-signature is malformed. Send `v1,` and the base64 of the HMAC-SHA256; put a space "
            "between two signatures."
        )
    return {**headers, "webhook-signature": " ".join(signatures)}


def _is_signature(part: str) -> bool:
    version, _, digest = part.partition(",")
    try:
        return version == "v1" and len(base64.b64decode(digest, validate=True)) == _HMAC_SHA256_BYTES
    except (binascii.Error, ValueError):
        return False


def _is_signed_with(secret: str, raw: bytes, headers: Mapping[str, str]) -> bool:
    try:
        Webhook(secret).verify(raw, dict(headers), json_parse=False)
    except Exception:  # noqa: BLE001  # the library raises various errors for malformed headers
        return False
    return True
