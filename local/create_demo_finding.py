"""`make repeat-misfits`: what makes a finding, done to the running demo the way people do it.

Nine patients ask for Tuesdays at three with one hygienist. A meeting stands there in the PMS on seven of the days, so
the front desk moves those patients half an hour forward.
"""

import os
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

import httpx

from local.demo_practices import HARBOUR
from local.post_pms_events import post

WEEKS, MEETINGS = 9, 7
HYGIENIST, CHAIR = "prov_thompson", HARBOUR.chairs[-1][0]
_PRACTICE = f"/v1/practices/{HARBOUR.id}"


def main() -> None:
    """Do it, and say where to look."""
    port = os.environ.get("PORT", "8000")
    door = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=40)
    (demo,) = (one for one in door.get("/local/practices").json() if one["practice_id"] == HARBOUR.id)
    told = post(door, demo["agent_id"], demo["agent_secret"], [_meeting(start) for start in _tuesdays()[:MEETINGS]])
    told.raise_for_status()
    token = door.post("/local/token", json={"practice_id": HARBOUR.id, "role": "front_desk"}).json()["token"]
    door.headers["Authorization"] = f"Bearer {token}"
    for number, start in enumerate(_tuesdays()):
        _ask_and_accept(door, number, start, earlier=number < MEETINGS)
    sys.stdout.write(f"GET {_PRACTICE}/findings says so in a moment.\n")


def _tuesdays() -> list[datetime]:
    """Tuesdays at three, from the week after next."""
    today = date.today()  # noqa: DTZ011  # wall-clock time, as the practice counts it
    first = today + timedelta(days=(1 - today.weekday()) % 7 + 14)
    return [datetime.combine(first + timedelta(weeks=n), time(15)) for n in range(WEEKS)]


def _meeting(start: datetime) -> dict[str, Any]:
    data = {
        "id": f"meeting-{start:%Y%m%d}",
        "patient": {"first_name": "Team", "last_name": "Meeting"},
        "start": start.isoformat(),
        "duration_minutes": 60,
        "practitioner_id": HYGIENIST,
        "chair_id": CHAIR,
        "status": "booked",
    }
    return {"type": "appointment.upserted", "version": 1, "data": data}


def _ask_and_accept(door: httpx.Client, number: int, start: datetime, *, earlier: bool) -> None:
    asked = {
        "patient": {"first_name": "Robin", "last_name": f"Repeat{chr(97 + number)}", "phone": f"604555{2100 + number}"},
        "requested": {"start": start.isoformat(), "duration_minutes": 30, "practitioner_id": HYGIENIST},
    }
    key = {"Idempotency-Key": f"repeat-{start:%Y%m%d}"}
    request_id = door.post(f"/v1/public/practices/{HARBOUR.id}/requests", json=asked, headers=key).json()["id"]
    decision: dict[str, Any] = {"notify": False, "different_appointment": True, "override": {"reason": "a demo"}}
    if earlier:
        decision["start"] = (start - timedelta(minutes=30)).isoformat()
    path = f"{_PRACTICE}/requests/{request_id}/accept"
    door.post(path, json=decision, headers={**key, "If-Match": '"1"'}).raise_for_status()


if __name__ == "__main__":
    main()
