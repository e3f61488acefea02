"""The PMS writes that the check asks the agent to carry out, one after the other.

1. `create`: handed out a second time after its outcome, as if the lease had expired. It must create one appointment.
2. `refused`: the same chair and time for another patient.
3. `cancel` of the created appointment, which also tidies up the PMS.
4. `absent`: the cancel of an appointment that does not exist.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from local.agent_check.recording import HandOut, Json

_DAYS_AHEAD = 60
_MAX_HAND_OUTS = 3
_STEPS = ("create", "refused", "cancel", "absent")


@dataclass
class Resources:
    """Where the appointments are asked for. Ids that the agent reports replace those of the demo practice."""

    practitioner_id: str
    chair_id: str
    service_id: str
    timezone: str

    def learn(self, event: Json) -> None:
        """Use the ids of a valid event: an appointment's chair, practitioner and service belong together."""
        data = event["data"]
        if event["type"] == "appointment.upserted":
            practitioner = data.get("practitioner_id") or data.get("provider_id") or data.get("provider")
            chair = data.get("chair_id") or data.get("operatory_id") or data.get("operatory")
            self.practitioner_id = practitioner or self.practitioner_id
            self.chair_id = chair or self.chair_id
            self.service_id = data.get("service_id") or self.service_id


class RequestedWrites:
    """Hands out one write at a time, and the next one after its outcome."""

    def __init__(self, resources: Resources, lease_seconds: float) -> None:
        self.hand_outs: list[HandOut] = []
        self._resources = resources
        self._lease_seconds = lease_seconds
        self._run = uuid4().hex[:8]
        self._step = 0
        self._step_hand_outs = 0
        self._is_leased = False
        self._create_outcomes = 0
        self._appointment_id: str | None = None

    @property
    def all_done(self) -> bool:
        """Whether every write was handed out and got its outcome, or was given up."""
        return self._step == len(_STEPS)

    def pull(self, now: float) -> list[Json]:
        """The write to carry out now, if any."""
        if self._is_leased and now - self.hand_outs[-1].at >= self._lease_seconds:
            self._is_leased = False
            if self._step_hand_outs >= _MAX_HAND_OUTS:
                self._next_step()
        if self._is_leased or self.all_done:
            return []
        write = self._write(_STEPS[self._step], now)
        self._is_leased, self._step_hand_outs = True, self._step_hand_outs + 1
        self.hand_outs.append(
            HandOut(
                write["write_id"], write["kind"], _STEPS[self._step], now, patient=write["appointment"].get("patient")
            )
        )
        return [write]

    def report(self, event: Json) -> None:
        """Note the outcome that a valid `write.completed` or `write.failed` reports."""
        data = event["data"]
        if not self._is_leased or data["write_id"] != self.hand_outs[-1].write_id:
            return
        if _STEPS[self._step] == "create":
            self._is_leased = False
            self._create_outcomes += 1
            self._appointment_id = data.get("appointment_id") or self._appointment_id
            if self._create_outcomes < 2:
                return  # hand it out once more
        self._next_step()

    def _next_step(self) -> None:
        self._step, self._step_hand_outs, self._is_leased = self._step + 1, 0, False

    def _write(self, step: str, now: float) -> Json:
        write_id = f"write_check_{self._run}_{step}"
        if step in ("create", "refused"):
            return {"write_id": write_id, "kind": "create", "appointment": self._appointment(step, write_id, now)}
        undone = f"write_check_{self._run}_{'create' if step == 'cancel' else 'unknown'}"
        pms_id = self._appointment_id if step == "cancel" else None
        appointment = self._appointment("create", undone, now)
        return {
            "write_id": write_id,
            "kind": "cancel",
            "appointment": appointment | {"id": pms_id or f"apt_check_{self._run}_{step}", "status": "cancelled"},
        }

    def _appointment(self, step: str, write_id: str, now: float) -> Json:
        zone = ZoneInfo(self._resources.timezone)
        day = datetime.fromtimestamp(now, zone).date() + timedelta(days=_DAYS_AHEAD)
        day += timedelta(days=(1 - day.weekday()) % 7)  # a Tuesday: few practices are closed then
        return {
            "id": f"apt_check_{self._run}_{step}",
            "write_id": write_id,
            "patient": {
                "first_name": step.title(),
                "last_name": f"Agent-Check-{self._run}",
                "email": "agent-check@patient.example",
                "phone": "+16045550199",
                "date_of_birth": "1990-04-01",
            },
            "start": datetime.combine(day, time(10), zone).isoformat(),
            "duration_minutes": 30,
            "practitioner_id": self._resources.practitioner_id,
            "chair_id": self._resources.chair_id,
            "service_id": self._resources.service_id,
            "status": "booked",
        }
