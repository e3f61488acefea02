"""What the check recorded: the agent's calls, the answers to them, and the PMS writes that were handed out."""

import base64
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Fault(StrEnum):
    """A fault that the check injects into its answer."""

    OUTAGE = "503 for the whole batch"
    TIME_OUT = "no answer in time, then 504"
    LOST_ANSWER = "processed, but answered 500"
    REJECTION = "a valid event answered as rejected"


RETRIED_FAULTS = (Fault.OUTAGE, Fault.TIME_OUT, Fault.LOST_ANSWER)
"""Faults after which the agent has to send the same call again."""


@dataclass(frozen=True)
class Pace:
    """Limits in seconds, and how long a timed-out call is held."""

    hold: float
    """Time until the answer to a timed-out call. Most HTTP clients give up after 30 s."""
    lease: float
    """A write without an outcome is handed out again after this time."""
    answer_within: float
    """Latest time of a retry after a fault, and of the outcome of a write."""
    heartbeat_within: float
    """Longest time without an event or heartbeat."""


NORMAL_PACE = Pace(hold=35, lease=60, answer_within=180, heartbeat_within=1800)
FAST_PACE = Pace(hold=0.2, lease=5, answer_within=15, heartbeat_within=60)


@dataclass(frozen=True)
class Call:
    """One call of the agent and the answer to it. Times are in seconds since 1970."""

    resource: str
    """`events` or `pull`."""
    received_at: float
    answered_at: float
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    status: int
    fault: Fault | None = None
    answer: Json | None = None

    @property
    def webhook_id(self) -> str:
        """The header `webhook-id`, "" if it is missing."""
        return self.headers.get("webhook-id", "")

    @property
    def events(self) -> list[Json]:
        """The events of the batch, as far as the body can be read."""
        batch = read_json(self.body) if self.resource == "events" else None
        events = batch.get("events") if isinstance(batch, dict) else None
        return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []

    def is_signed_with(self, secret: str) -> bool:
        """Whether one of the signatures is that of this secret, at whatever time."""
        given = self.headers.get("webhook-signature", "").split()
        return expected_signature(self, secret) in given


def expected_signature(call: Call, secret: str) -> str:
    """The signature of the call's bytes with that secret, as in `webhook-signature`."""
    prefix = f"{call.webhook_id}.{call.headers.get('webhook-timestamp', '')}."
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, prefix.encode() + call.body, "sha256")).decode()


@dataclass(frozen=True)
class HandOut:
    """One time that a write was handed out."""

    write_id: str
    kind: str
    purpose: str
    """Why the check asks for it: `create`, `refused`, `cancel` or `absent`."""
    at: float
    patient: Json | None = None


@dataclass(frozen=True)
class Recording:
    """Everything that was recorded until `ended_at`."""

    secrets: Sequence[str]
    """The old secret and the new one; both are valid."""
    calls: Sequence[Call]
    hand_outs: Sequence[HandOut]
    ended_at: float
    pace: Pace

    def of(self, resource: str) -> list[Call]:
        """The calls to one endpoint."""
        return [call for call in self.calls if call.resource == resource]

    def deliveries(self) -> list[Call]:
        """Event batches without repetitions: the first call of each webhook id."""
        first: dict[str, Call] = {}
        for call in self.of("events"):
            first.setdefault(call.webhook_id, call)
        return list(first.values())

    def sent(self, *types: str) -> Iterator[Json]:
        """The events of these types, each batch once, in the order sent."""
        for call in self.deliveries():
            yield from (event for event in call.events if event.get("type") in types)

    def data(self, *types: str) -> list[Json]:
        """The `data` of the events of these types."""
        return [data for event in self.sent(*types) if isinstance(data := event.get("data"), dict)]


def read_json(raw: bytes) -> Any:
    """The parsed JSON, None if it is not valid."""
    try:
        return json.loads(raw)
    except ValueError:
        return None
