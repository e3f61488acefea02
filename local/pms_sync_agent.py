"""A sync agent: the program beside a PMS that exchanges data with Chairlink. PMS vendors may start from this module.

In each round the agent sends the changes in the PMS, carries out the writes that Chairlink asks for, and sends a
heartbeat. Every step is idempotent, so the agent keeps no state of its own. After a restart it sends all appointments
again: versions make that harmless. If the outcome of a write was not reported, Chairlink hands out the write again
under the same id. docs/how-to/connect-your-pms.md explains each step.
"""

import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import Any
from uuid import uuid4

import httpx
from standardwebhooks import Webhook

from local.simulated_pms import AppointmentRow, PmsAppointment, PmsRefusal, SimulatedPms

Json = dict[str, Any]

POLL_INTERVAL_SECONDS = 2.0
"""Pause between two rounds."""
MAX_POLL_INTERVAL_SECONDS = 60.0
"""Longest pause between two rounds while Chairlink cannot be reached."""
HEARTBEAT_INTERVAL_SECONDS = 60.0
"""A heartbeat is sent if no other event was sent for this long."""
MAX_EVENTS_PER_BATCH = 100
MAX_DELIVERY_ATTEMPTS = 4
"""After this many failed attempts to deliver one message the round ends."""

log = logging.getLogger(__name__)


class PmsSyncAgent:
    """The agent of one practice."""

    def __init__(self, base_url: str, agent_id: str, secret: str, pms: SimulatedPms) -> None:
        self._chairlink = httpx.Client(base_url=base_url, timeout=30)
        self._agent_id = agent_id
        self._secret = secret
        self._pms = pms
        self._last_sent_change = 0
        """Number of the newest change in the PMS that Chairlink has received."""
        self._last_event_sent_at = 0.0
        """On the monotonic clock, in seconds."""

    def run(self, stop: Event) -> None:
        """Run rounds until `stop` is set. While Chairlink cannot be reached, the pause doubles after each round."""
        pause = POLL_INTERVAL_SECONDS
        while not stop.wait(pause):
            try:
                self.run_round()
                pause = POLL_INTERVAL_SECONDS
            except httpx.HTTPError as error:
                # Jitter: not all agents retry at the same moment.
                pause = min(pause * 2, MAX_POLL_INTERVAL_SECONDS) * random.uniform(0.5, 1)
                log.warning("Chairlink cannot be reached (%s); next try in %.0f s", type(error).__name__, pause)
        self._chairlink.close()

    def run_round(self) -> None:
        """One round. Raises httpx.HTTPError if Chairlink cannot be reached."""
        self.send_changes()
        if self._pms.can_create and self.carry_out_writes():
            self.send_changes()  # with the appointments just created, which Chairlink identifies by their write ids
        if time.monotonic() - self._last_event_sent_at > HEARTBEAT_INTERVAL_SECONDS:
            self.send_events([{"type": "heartbeat"}])

    def send_changes(self) -> None:
        """Send all changes in the PMS since the last one that was sent."""
        changed = self._pms.changes(after=self._last_sent_change)
        for batch in _batches([_event(row) for row in changed]):
            self.send_events(batch)
            self._last_sent_change = batch[-1]["version"]

    def carry_out_writes(self) -> int:
        """Carry out the writes that Chairlink asks for and report their outcomes. Returns the number of writes."""
        writes = self._post("pull", {"limit": 10})["writes"]
        if writes:
            self.send_events([self._carry_out(write) for write in writes])
        return len(writes)

    def send_events(self, events: Sequence[Json]) -> None:
        """Post one batch. Rejected events are logged and not sent again, since they would be rejected again."""
        result = self._post("events", {"events": events})
        for rejected in result["rejected"]:
            log.error("event %s was rejected: %s", events[rejected["index"]]["type"], rejected["errors"])
        self._last_event_sent_at = time.monotonic()

    def _carry_out(self, write: Json) -> Json:
        """Carry out one write. Returns the event that reports its outcome."""
        try:
            pms_id = self._cancel(write["appointment"]) if write["kind"] == "cancel" else self._create(write)
        except PmsRefusal as refusal:
            return {"type": "write.failed", "data": {"write_id": write["write_id"], "reason": str(refusal)}}
        data = {"write_id": write["write_id"]} | ({"appointment_id": pms_id} if write["kind"] == "create" else {})
        return {"type": "write.completed", "data": data}

    def _create(self, write: Json) -> str:
        """Create the appointment, unless an earlier attempt of this write did. Returns its id in the PMS."""
        token = write["write_id"]
        existing = self._pms.find(token=token)
        return existing.id if existing else self._pms.create(_pms_appointment(write["appointment"]), token)

    def _cancel(self, appointment: Json) -> str:
        """Cancel the appointment if it exists and is not cancelled. Returns its id in the PMS, "" if there is none."""
        existing = self._pms.find(appointment_id=appointment["id"], token=appointment["write_id"])
        if existing and existing.appointment.status != "cancelled":
            self._pms.change(existing.id, status="cancelled")
        return existing.id if existing else ""

    def _post(self, resource: str, content: Json) -> Json:
        """Post a message and return the response's body. All attempts share one delivery id, so it acts only once."""
        body, delivery_id = json.dumps(content), f"msg_{uuid4().hex}"
        for attempt in range(MAX_DELIVERY_ATTEMPTS):
            response = self._try_to_post(resource, body, delivery_id)
            if response is not None and response.status_code < 500 and response.status_code != 429:
                response.raise_for_status()
                result: Json = response.json()
                return result
            time.sleep(random.uniform(0, 0.5 * 2**attempt))
        raise httpx.ConnectError(f"no usable response after {MAX_DELIVERY_ATTEMPTS} attempts")

    def _try_to_post(self, resource: str, body: str, delivery_id: str) -> httpx.Response | None:
        headers = signature_headers(self._secret, delivery_id, datetime.now(UTC), body)
        try:
            return self._chairlink.post(f"/v1/pms/{self._agent_id}/{resource}", content=body, headers=headers)
        except httpx.TransportError:
            return None


def signature_headers(secret: str, delivery_id: str, now: datetime, body: str) -> dict[str, str]:
    """The headers that Standard Webhooks requires for this body."""
    return {
        "content-type": "application/json",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery_id, now, body),
    }


def _event(row: AppointmentRow) -> Json:
    """The event for an appointment. The write id is the surest way for Chairlink to identify its own appointment."""
    appointment = row.appointment
    data = {
        "id": row.id,
        "patient": appointment.patient,
        "start": appointment.start,
        "duration_minutes": appointment.minutes,
        "provider_id": appointment.provider,
        "operatory_id": appointment.operatory,
        "service_id": appointment.procedure,
        "status": appointment.status,
    }
    data |= {"write_id": row.token} if row.token else {}
    return {"type": "appointment.upserted", "version": row.change_number, "data": data}


def _pms_appointment(appointment: Json) -> PmsAppointment:
    """Chairlink's appointment in the form of this PMS, which keeps local times without an offset."""
    return PmsAppointment(
        patient=appointment["patient"],
        start=datetime.fromisoformat(appointment["start"]).replace(tzinfo=None).isoformat(),
        minutes=appointment["duration_minutes"],
        provider=appointment["practitioner_id"],
        operatory=appointment["chair_id"],
        procedure=appointment["service_id"],
    )


def _batches(events: Sequence[Json]) -> Iterator[Sequence[Json]]:
    return (events[first : first + MAX_EVENTS_PER_BATCH] for first in range(0, len(events), MAX_EVENTS_PER_BATCH))
