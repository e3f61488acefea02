"""`make repeat-misfits`: makes requests in the running stack that lead to a finding.

Nine patients request Tuesdays at 15:00 with one hygienist. On seven of the days the PMS has a meeting at that time, so
the front desk accepts those requests for half an hour earlier.
"""

import os
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

import httpx

from local.demo_practices import HARBOUR
from local.post_pms_events import post_events

REQUESTS, MEETINGS = 9, 7
HYGIENIST_ID, CHAIR_ID = "prov_thompson", HARBOUR.chairs[-1][0]
_PRACTICE_PATH = f"/v1/practices/{HARBOUR.id}"


def main() -> None:
    """Create the meetings and the requests, accept the requests, and print where the finding will be."""
    port = os.environ.get("PORT", "8000")
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=40)
    (practice,) = (each for each in client.get("/local/practices").json() if each["practice_id"] == HARBOUR.id)
    meetings = [_meeting_event(start) for start in _tuesdays()[:MEETINGS]]
    post_events(client, practice["agent_id"], practice["agent_secret"], meetings).raise_for_status()
    token = client.post("/local/token", json={"practice_id": HARBOUR.id, "role": "front_desk"}).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    for number, start in enumerate(_tuesdays()):
        _submit_and_accept(client, number, start, earlier=number < MEETINGS)
    sys.stdout.write(f"GET {_PRACTICE_PATH}/findings lists the finding in a few seconds.\n")


def _tuesdays() -> list[datetime]:
    """Tuesdays at 15:00 local time, from the week after next."""
    today = date.today()  # noqa: DTZ011  # local time, like all times that a practice reads
    first = today + timedelta(days=(1 - today.weekday()) % 7 + 14)
    return [datetime.combine(first + timedelta(weeks=n), time(15)) for n in range(REQUESTS)]


def _meeting_event(start: datetime) -> dict[str, Any]:
    data = {
        "id": f"meeting-{start:%Y%m%d}",
        "patient": {"first_name": "Team", "last_name": "Meeting"},
        "start": start.isoformat(),
        "duration_minutes": 60,
        "practitioner_id": HYGIENIST_ID,
        "chair_id": CHAIR_ID,
        "status": "booked",
    }
    return {"type": "appointment.upserted", "version": 1, "data": data}


def _submit_and_accept(client: httpx.Client, number: int, start: datetime, *, earlier: bool) -> None:
    """Submit a request for that start, and accept it for then or for half an hour earlier."""
    request = {
        "patient": {"first_name": "Robin", "last_name": f"Repeat{chr(97 + number)}", "phone": f"604555{2100 + number}"},
        "requested": {"start": start.isoformat(), "duration_minutes": 30, "practitioner_id": HYGIENIST_ID},
    }
    key = {"Idempotency-Key": f"repeat-{start:%Y%m%d}"}
    request_id = client.post(f"/v1/public/practices/{HARBOUR.id}/requests", json=request, headers=key).json()["id"]
    decision: dict[str, Any] = {"notify": False, "different_appointment": True, "override": {"reason": "a demo"}}
    if earlier:
        decision["start"] = (start - timedelta(minutes=30)).isoformat()
    path = f"{_PRACTICE_PATH}/requests/{request_id}/accept"
    client.post(path, json=decision, headers={**key, "If-Match": '"1"'}).raise_for_status()


if __name__ == "__main__":
    main()
