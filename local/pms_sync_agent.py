"""A sync agent: the program beside a PMS that speaks with Chairlink. A vendor may start from this module.

It does three things, again and again: tell what has changed in the PMS, write what Chairlink asks for, and give a sign
of life. Nothing that it does harms when it is done twice, so it keeps nothing of its own. After a start it tells
everything once more (versions make that harmless), and a write of which it could not tell is handed out again under the
same id. docs/how-to/connect-your-pms.md explains each step.
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

from local.simulated_pms import Pms, PmsAppointment, Refused, Row

Json = dict[str, Any]

PAUSE = 2.0
"""Seconds between two rounds."""
LONGEST_PAUSE = 60.0
"""However long Chairlink cannot be reached, it is tried again this often."""
HEARTBEAT = 60.0
"""Seconds without any other news after which a heartbeat is sent."""
MOST_EVENTS = 100
"""In one batch."""
ATTEMPTS = 4
"""Of one delivery, before the round is given up."""

log = logging.getLogger(__name__)


class Agent:
    """The agent of one practice."""

    def __init__(self, base_url: str, agent_id: str, secret: str, pms: Pms) -> None:
        self._chairlink = httpx.Client(base_url=base_url, timeout=30)
        self._agent_id = agent_id
        self._secret = secret
        self._pms = pms
        self._told = 0
        """The number of the last change in the PMS that Chairlink knows of."""
        self._last_heard = 0.0

    def run(self, stop: Event) -> None:
        """Work until told to stop; while Chairlink cannot be reached, rest longer each time."""
        pause = PAUSE
        while not stop.wait(pause):
            try:
                self.work()
                pause = PAUSE
            except httpx.HTTPError as trouble:
                pause = min(pause * 2, LONGEST_PAUSE) * random.uniform(0.5, 1)  # not all agents at the same moment
                log.warning("Chairlink cannot be reached (%s); next try in %.0f s", type(trouble).__name__, pause)
        self._chairlink.close()

    def work(self) -> None:
        """One round."""
        self.tell_changes()
        if self._pms.can_create and self.write():
            self.tell_changes()  # what was just written: Chairlink recognises it
        if time.monotonic() - self._last_heard > HEARTBEAT:
            self.tell([{"type": "heartbeat"}])

    def tell_changes(self) -> None:
        """Tell what has changed in the PMS since we last did."""
        changed = self._pms.changes(after=self._told)
        for batch in _batches([_event(row) for row in changed]):
            self.tell(batch)
            self._told = batch[-1]["version"]

    def write(self) -> int:
        """Write what Chairlink asks for and tell what became of it; how many writes there were."""
        writes = self._post("pull", {"limit": 10})["writes"]
        if writes:
            self.tell([self._carry_out(write) for write in writes])
        return len(writes)

    def tell(self, events: Sequence[Json]) -> None:
        """Post one batch. Events that Chairlink rejects are a mistake of ours: sending them again would not help."""
        answer = self._post("events", {"events": events})
        for rejected in answer["rejected"]:
            log.error("event %s was rejected: %s", events[rejected["index"]]["type"], rejected["errors"])
        self._last_heard = time.monotonic()

    def _carry_out(self, write: Json) -> Json:
        """Do what the write asks for; the event that says how it went."""
        try:
            pms_id = self._cancel(write["appointment"]) if write["kind"] == "cancel" else self._create(write)
        except Refused as refusal:
            return {"type": "write.failed", "data": {"write_id": write["write_id"], "reason": str(refusal)}}
        done = {"write_id": write["write_id"]} | ({"appointment_id": pms_id} if write["kind"] == "create" else {})
        return {"type": "write.completed", "data": done}

    def _create(self, write: Json) -> str:
        """The PMS's id of the appointment: if it was created before under this token, that one's."""
        token = write["write_id"]
        known = self._pms.find(token=token)
        return known.id if known else self._pms.create(_in_our_words(write["appointment"]), token)

    def _cancel(self, appointment: Json) -> str:
        """Cancel it, if it is there at all: what is not there needs no cancelling."""
        known = self._pms.find(appointment_id=appointment["id"], token=appointment["write_id"])
        if known and known.appointment.status != "cancelled":
            self._pms.change(known.id, status="cancelled")
        return known.id if known else ""

    def _post(self, what: str, content: Json) -> Json:
        """Chairlink's answer. A delivery keeps its id however often it is repeated, and so is carried out once."""
        body, delivery_id = json.dumps(content), f"msg_{uuid4().hex}"
        for attempt in range(ATTEMPTS):
            answer = self._try(what, body, delivery_id)
            if answer is not None and answer.status_code < 500 and answer.status_code != 429:
                answer.raise_for_status()
                taken: Json = answer.json()
                return taken
            time.sleep(random.uniform(0, 0.5 * 2**attempt))
        raise httpx.ConnectError("no answer that helps")

    def _try(self, what: str, body: str, delivery_id: str) -> httpx.Response | None:
        headers = signed(self._secret, delivery_id, datetime.now(UTC), body)
        try:
            return self._chairlink.post(f"/v1/pms/{self._agent_id}/{what}", content=body, headers=headers)
        except httpx.TransportError:
            return None


def signed(secret: str, delivery_id: str, now: datetime, body: str) -> dict[str, str]:
    """The headers of Standard Webhooks for this body."""
    return {
        "content-type": "application/json",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery_id, now, body),
    }


def _event(row: Row) -> Json:
    """How Chairlink is told of an appointment. The token goes with it: that is the surest way to be recognised."""
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
    return {"type": "appointment.upserted", "version": row.change, "data": data}


def _in_our_words(appointment: Json) -> PmsAppointment:
    """What Chairlink asks for, as this PMS has it: a start on the practice's own clock."""
    return PmsAppointment(
        patient=appointment["patient"],
        start=datetime.fromisoformat(appointment["start"]).replace(tzinfo=None).isoformat(),
        minutes=appointment["duration_minutes"],
        provider=appointment["practitioner_id"],
        operatory=appointment["chair_id"],
        procedure=appointment["service_id"],
    )


def _batches(events: Sequence[Json]) -> Iterator[Sequence[Json]]:
    return (events[first : first + MOST_EVENTS] for first in range(0, len(events), MOST_EVENTS))
