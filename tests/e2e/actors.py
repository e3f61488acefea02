"""The patients, staff and agents of the tests, over HTTP to the running stack."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from standardwebhooks import Webhook

Json = dict[str, Any]
_Found = TypeVar("_Found")


def eventually(look: Callable[[], _Found | None], what: str, timeout_seconds: float = 20) -> _Found:
    """The first result of `look` that is not None; e-emails go through a stream and take a moment."""
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {timeout_seconds} s")


def next_15_july(weekdays: Sequence[int] = (1, 2, 3, 4, 5)) -> date:
    """The next 15 July, or the first day after it that is one of these ISO weekdays."""
    today = datetime.now(UTC).date()
    day = date(today.year + (today >= date(today.year, 7, 14)), 7, 15)
    while day.isoweekday() not in weekdays:
        day += timedelta(days=1)
    return day


@dataclass
class Patient:
    """A new patient, so that tests do not affect each other."""

    practice_id: str
    door: httpx.Client
    name: str = field(default_factory=lambda: f"Q{uuid4().hex[:8]}")
    part: str | None = None
    """The address at SES's mailbox simulator; empty for a normal address."""

    @property
    def email(self) -> str:
        """The e-mail address."""
        if self.part:
            return f"{self.part}+{self.name.lower()}@simulator.amazonses.com"
        return f"{self.name.lower()}@example.com"

    @property
    def details(self) -> Json:
        """The patient's data in a submission."""
        return {"first_name": "Jane", "last_name": self.name, "email": self.email}

    def post_request(self, start: str, key: str | None = None, source: str = "website", **wish: Any) -> httpx.Response:
        """Post a submission of an hour unless a duration is given."""
        body = {
            "patient": self.details,
            "requested": {"start": start, "duration_minutes": 60, **wish},
            "source": source,
        }
        path = f"/v1/public/practices/{self.practice_id}/requests"
        return self.door.post(path, json=body, headers={"Idempotency-Key": key or uuid4().hex})

    def submit(self, start: str, **wish: Any) -> Json:
        """Submit a request successfully; returns the answer."""
        answer = self.post_request(start, **wish)
        assert answer.status_code == 201, answer.text
        submitted: Json = answer.json()
        return submitted


@dataclass
class FrontDesk:
    """A signed-in member of the practice's staff."""

    practice_id: str
    door: httpx.Client
    token: str

    def get(self, path: str = "", **query: Any) -> httpx.Response:
        """Read something of the practice."""
        return self.door.get(f"/v1/practices/{self.practice_id}{path}", params=query, headers=self._headers)

    def requests(self, **query: Any) -> list[Json]:
        """All requests that the query finds: a page may be short and there be more (docs/adr/0005)."""
        found: list[Json] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get("/requests", **query, **cursor).json()
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            cursor = {"cursor": page["next_cursor"]}

    def request(self, request_id: str) -> Json:
        """The stored request."""
        found: Json = self.get(f"/requests/{request_id}").json()
        return found

    def decide(self, verb: str, request_id: str, body: Json | None = None, revision: int = 1) -> httpx.Response:
        """Accept, link, reject or reopen the request at that revision."""
        path = f"/v1/practices/{self.practice_id}/requests/{request_id}/{verb}"
        return self.door.post(path, json=body, headers={**self._headers, "If-Match": f'"{revision}"'})

    def change_settings(self, **settings: Any) -> None:
        """Change the practice's settings."""
        self.door.patch(f"/v1/practices/{self.practice_id}", json=settings, headers=self._headers).raise_for_status()

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class Agent:
    """The PMS's sync agent."""

    agent_id: str
    secret: str
    door: httpx.Client

    def send_events(self, *events: Json) -> Json:
        """Send a signed batch successfully."""
        answer = self.post_body(json.dumps({"events": events}))
        assert answer.status_code == 200, answer.text
        received: Json = answer.json()
        return received

    def post_body(self, body: str, **headers: str) -> httpx.Response:
        """Send a body; `headers` replace those of the signature."""
        now, message_id = datetime.now(UTC), f"msg_{uuid4().hex}"
        signed = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(message_id, now, body),
        }
        renamed = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.door.post(f"/v1/pms/{self.agent_id}/events", content=body, headers=signed | renamed)


def appointment_event(patient: Patient, start: str, version: int = 1, **data: Any) -> Json:
    """The patient has an appointment of half an hour."""
    return {
        "type": "appointment.upserted",
        "version": version,
        "data": {"id": f"A-{patient.name}", "patient": patient.details, "start": start, "duration_minutes": 30, **data},
    }
