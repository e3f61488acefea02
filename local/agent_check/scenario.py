"""Answers the agent's calls as Chairlink does, injects each fault once, and records everything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bookings.domain.pms.event_models import UNVERSIONED_EVENTS
from local.agent_check.event_rules import batch_error, event_errors
from local.agent_check.recording import Call, Fault, Json, Pace, Recording
from local.agent_check.requested_writes import RequestedWrites, Resources

_FAILED_ATTEMPTS = {Fault.OUTAGE: 3, Fault.TIME_OUT: 1, Fault.LOST_ANSWER: 1}
"""How many attempts of one call a fault hits."""
_STATUS = {Fault.OUTAGE: 503, Fault.TIME_OUT: 504, Fault.LOST_ANSWER: 500}
_OUTCOMES = ("write.completed", "write.failed")
_CLOCK_TOLERANCE_SECONDS = 300


@dataclass(frozen=True)
class Reply:
    """The status and body to answer with, after `hold` seconds."""

    status: int
    body: Json
    fault: Fault | None = None
    hold: float = 0


class Scenario:
    """One run of the check. `now` is the clock, in seconds since 1970."""

    def __init__(self, secrets: Sequence[str], resources: Resources, pace: Pace, now: Callable[[], float]) -> None:
        self._secrets = secrets
        self._resources = resources
        self._pace = pace
        self._now = now
        self._calls: list[Call] = []
        self._writes = RequestedWrites(resources, pace.lease)
        self._pending = {
            "events": [Fault.OUTAGE, Fault.REJECTION, Fault.LOST_ANSWER, Fault.TIME_OUT],
            "pull": [Fault.LOST_ANSWER],
        }
        self._fault_by_id: dict[tuple[str, str], Fault] = {}
        self._attempts: dict[tuple[str, str], int] = {}
        self._answers: dict[tuple[str, str], Json] = {}
        """What a delivery was answered with, for its repetitions."""

    @property
    def is_complete(self) -> bool:
        """Whether every fault was injected and every write has its outcome."""
        return self._writes.all_done and not any(self._pending.values())

    def recording(self) -> Recording:
        """Everything so far."""
        return Recording(self._secrets, tuple(self._calls), tuple(self._writes.hand_outs), self._now(), self._pace)

    def reply(self, resource: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Decide the answer to a call. The caller sends it and then calls `record`."""
        call = Call(resource, self._now(), 0, headers, body, 0)
        if not self._is_authentic(call):
            return Reply(401, {"type": "unauthenticated", "title": "The signature is not valid", "status": 401})
        if resource == "events" and (error := batch_error(body)):
            return Reply(422, {"type": "invalid-request", "title": "The batch is not valid", "detail": error})
        key = (resource, call.webhook_id)
        fault = self._fault(key, call)
        attempt = self._attempts[key] = self._attempts.get(key, 0) + 1
        hit = fault if fault in _FAILED_ATTEMPTS and attempt <= _FAILED_ATTEMPTS[fault] else None
        if hit in (Fault.OUTAGE, Fault.TIME_OUT):
            return _faulty(hit, self._pace)
        if key not in self._answers:
            self._answers[key] = self._process(call, fault)
        if hit is not None:
            return _faulty(hit, self._pace)
        return Reply(200, self._answers[key], Fault.REJECTION if fault is Fault.REJECTION else None)

    def record(self, resource: str, headers: Mapping[str, str], body: bytes, received_at: float, reply: Reply) -> None:
        """Record a call and the answer that was sent."""
        answer = reply.body if reply.status == 200 else None
        self._calls.append(Call(resource, received_at, self._now(), headers, body, reply.status, reply.fault, answer))

    def now(self) -> float:
        """The time, in seconds since 1970."""
        return self._now()

    def _is_authentic(self, call: Call) -> bool:
        timestamp = call.headers.get("webhook-timestamp", "")
        in_time = timestamp.isdecimal() and abs(int(timestamp) - call.received_at) <= _CLOCK_TOLERANCE_SECONDS
        return in_time and bool(call.webhook_id) and any(call.is_signed_with(secret) for secret in self._secrets)

    def _fault(self, key: tuple[str, str], call: Call) -> Fault | None:
        """The fault of this delivery: the next pending one that suits it, or none."""
        if key not in self._attempts:
            pending = self._pending[key[0]]
            suitable = [one for one in pending if one is not Fault.REJECTION or _rejectable(call) is not None]
            if suitable:
                pending.remove(suitable[0])
                self._fault_by_id[key] = suitable[0]
        return self._fault_by_id.get(key)

    def _process(self, call: Call, fault: Fault | None) -> Json:
        if call.resource == "pull":
            return {"writes": self._writes.pull(call.received_at)}
        rejected: list[Json] = []
        for index, event in enumerate(call.events):
            if errors := event_errors(event):
                rejected.append({"index": index, "errors": errors})
            elif fault is Fault.REJECTION and index == _rejectable(call):
                reason = {"field": "type", "message": "rejected by the conformance check"}
                rejected.append({"index": index, "errors": [reason]})
            elif event["type"] in _OUTCOMES:
                self._writes.report(event)
            elif "data" in event:
                self._resources.learn(event)
        rejected.sort(key=lambda one: 0 if one["errors"][0]["message"].endswith("conformance check") else 1)
        return {
            "accepted": len(call.events) - len(rejected), "ignored": 0, "rejected": rejected, "contradictions": [],
        }  # fmt: skip


def _rejectable(call: Call) -> int | None:
    """Index of the event to reject: the first valid one about an object. Outcomes and heartbeats are not rejected."""
    events = enumerate(call.events)
    valid = (at for at, one in events if one.get("type") not in UNVERSIONED_EVENTS and not event_errors(one))
    return next(valid, None)


def _faulty(fault: Fault, pace: Pace) -> Reply:
    status = _STATUS[fault]
    hold = pace.hold if fault is Fault.TIME_OUT else 0
    return Reply(status, {"type": "unavailable", "title": "Please try again", "status": status}, fault, hold)
