"""The reference agent with a simulated PMS writes nothing twice, whatever is lost."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from local.pms_sync_agent import MAX_EVENTS_PER_BATCH, PmsSyncAgent
from local.simulated_pms import PmsAppointment, PmsRefusal, SimulatedPms
from tests.support.builders import SECRET

Json = dict[str, Any]

JANE = {"first_name": "Jane", "last_name": "Doe"}
AT_THREE = PmsAppointment(JANE, "2026-07-15T15:00:00", 60, "prov_a", "chair_1", "svc_checkup")


class Chairlink:
    """Chairlink as the agent sees it: it keeps the events that it gets, and may lose answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.to_write: list[Json] = []
        self.events: list[Json] = []
        self.deliveries: list[str] = []
        self.loses = 0
        monkeypatch.setattr("time.sleep", lambda _: None)

    def agent(self, pms: SimulatedPms) -> PmsSyncAgent:
        made = PmsSyncAgent("http://chairlink", "agt_1", SECRET, pms)
        made._chairlink = httpx.Client(base_url="http://chairlink", transport=httpx.MockTransport(self._answer))
        return made

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.deliveries.append(request.headers["webhook-id"])
        if self.loses:
            self.loses -= 1
            return httpx.Response(503)
        body = json.loads(request.content)
        if request.url.path.endswith("/pull"):
            return httpx.Response(200, json={"writes": self.to_write})
        self.events += body["events"]
        return httpx.Response(200, json={"accepted": len(body["events"]), "ignored": 0, "rejected": []})

    def heard(self, kind: str) -> list[Json]:
        return [event["data"] for event in self.events if event["type"] == kind]


@pytest.fixture
def chairlink(monkeypatch: pytest.MonkeyPatch) -> Chairlink:
    return Chairlink(monkeypatch)


@pytest.fixture
def pms(tmp_path: Path) -> SimulatedPms:
    return SimulatedPms(tmp_path / "pms.sqlite", can_create=True)


def create(write_id: str = "write_1", **fields: Any) -> Json:
    appointment = {
        "id": "apt_1",
        "write_id": write_id,
        "patient": JANE,
        "start": "2026-07-15T15:00:00-07:00",
        "duration_minutes": 60,
        "practitioner_id": "prov_a",
        "chair_id": "chair_1",
        "service_id": "svc_checkup",
        "status": "booked",
    }
    return {"write_id": write_id, "kind": "create", "appointment": {**appointment, **fields}}


def cancel(appointment_id: str, token: str = "write_1") -> Json:
    return {"write_id": "write_2", "kind": "cancel", "appointment": {"id": appointment_id, "write_id": token}}


def test_a_pulled_write_is_carried_out_and_reported(chairlink: Chairlink, pms: SimulatedPms) -> None:
    chairlink.to_write = [create()]
    chairlink.agent(pms).run_round()
    (row,) = pms.changes()
    assert row.appointment == AT_THREE
    assert chairlink.heard("write.completed") == [{"write_id": "write_1", "appointment_id": row.id}]
    (shown,) = chairlink.heard("appointment.upserted")
    assert (shown["id"], shown["write_id"], shown["operatory_id"]) == (row.id, "write_1", "chair_1")


def test_a_write_that_is_leased_again_creates_nothing_new(chairlink: Chairlink, pms: SimulatedPms) -> None:
    chairlink.to_write = [create()]
    one = chairlink.agent(pms)
    one.run_round()
    one.run_round()
    chairlink.agent(pms).run_round()  # after a restart
    assert len(pms.changes()) == 1
    assert {outcome["appointment_id"] for outcome in chairlink.heard("write.completed")} == {pms.changes()[0].id}


def test_a_refusal_of_the_pms_is_reported_with_its_reason(chairlink: Chairlink, pms: SimulatedPms) -> None:
    pms.create(AT_THREE)
    chairlink.to_write = [create(start="2026-07-15T15:30:00-07:00")]
    chairlink.agent(pms).run_round()
    assert chairlink.heard("write.failed") == [
        {"write_id": "write_1", "reason": "chair_1 is taken at 15:00 on that day"}
    ]


@pytest.mark.parametrize("known_as", ["1001", "apt_1"])
def test_a_cancel_finds_its_appointment_by_id_or_token(chairlink: Chairlink, pms: SimulatedPms, known_as: str) -> None:
    pms.create(AT_THREE, "write_1")
    chairlink.to_write = [cancel(known_as)]
    chairlink.agent(pms).run_round()
    assert [row.appointment.status for row in pms.changes()] == ["cancelled"]
    assert chairlink.heard("write.completed") == [{"write_id": "write_2"}]


def test_cancelling_a_missing_appointment_succeeds(chairlink: Chairlink, pms: SimulatedPms) -> None:
    chairlink.to_write = [cancel("1001")]
    chairlink.agent(pms).run_round()
    assert chairlink.heard("write.completed") == [{"write_id": "write_2"}]


def test_a_delivery_without_an_answer_is_repeated_with_the_same_id(chairlink: Chairlink, pms: SimulatedPms) -> None:
    pms.create(AT_THREE)
    chairlink.loses = 2
    chairlink.agent(pms).send_changes()
    assert len(chairlink.deliveries) == 3
    assert len(set(chairlink.deliveries)) == 1


def test_without_any_answer_the_agent_stops_and_loses_nothing(chairlink: Chairlink, pms: SimulatedPms) -> None:
    pms.create(AT_THREE)
    chairlink.loses = 4
    one = chairlink.agent(pms)
    with pytest.raises(httpx.HTTPError):
        one.run_round()
    one.run_round()
    assert len(chairlink.heard("appointment.upserted")) == 1


def test_only_changes_are_sent_with_a_rising_version(chairlink: Chairlink, pms: SimulatedPms) -> None:
    first = pms.create(AT_THREE)
    one = chairlink.agent(pms)
    one.run_round()
    pms.create(replace(AT_THREE, operatory="chair_2"))
    pms.change(first, start="2026-07-16T15:00:00")
    one.run_round()
    versions = [event["version"] for event in chairlink.events if event["type"] == "appointment.upserted"]
    assert versions == [1, 2, 3]


def test_a_large_schedule_is_sent_in_batches(chairlink: Chairlink, pms: SimulatedPms) -> None:
    for number in range(MAX_EVENTS_PER_BATCH + 1):
        pms.create(replace(AT_THREE, operatory=f"chair_{number}"))
    chairlink.agent(pms).send_changes()
    assert (len(chairlink.events), len(chairlink.deliveries)) == (MAX_EVENTS_PER_BATCH + 1, 2)


def test_without_changes_the_agent_sends_a_heartbeat(chairlink: Chairlink, pms: SimulatedPms) -> None:
    one = chairlink.agent(pms)
    one._last_event_sent_at = -1_000.0
    one.run_round()
    one.run_round()
    assert [event["type"] for event in chairlink.events] == ["heartbeat"]


def test_a_pms_that_cannot_create_pulls_nothing(chairlink: Chairlink, tmp_path: Path) -> None:
    dentrix = SimulatedPms(tmp_path / "dentrix.sqlite", can_create=False)
    chairlink.to_write = [create()]
    chairlink.agent(dentrix).run_round()
    assert dentrix.changes() == []
    with pytest.raises(PmsRefusal):
        dentrix.create(AT_THREE, "write_1")
    assert dentrix.create(AT_THREE) == "1001", "entering by hand still works"


def test_every_call_is_signed(pms: SimulatedPms, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"writes": [], "accepted": 1, "ignored": 0, "rejected": []})

    one = PmsSyncAgent("http://chairlink", "agt_1", SECRET, pms)
    handler: Callable[[httpx.Request], httpx.Response] = answer
    one._chairlink = httpx.Client(base_url="http://chairlink", transport=httpx.MockTransport(handler))
    one._last_event_sent_at = -1_000.0
    one.run_round()
    assert [request.url.path for request in seen] == ["/v1/pms/agt_1/pull", "/v1/pms/agt_1/events"]
    for request in seen:
        Webhook(SECRET).verify(request.content, dict(request.headers))
