"""The conformance check passes the reference agent and names the rule that a broken agent breaks."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local.agent_check.command import SECRETS
from local.agent_check.delivery_rules import retries_under_the_same_id
from local.agent_check.recording import NORMAL_PACE, Call, Fault, Recording
from local.agent_check.report import OPTIONAL_RULES, exit_code, is_settled, judge, report_lines
from local.agent_check.requested_writes import Resources
from local.agent_check.scenario import Scenario
from local.agent_check.server import AgentCheckApp
from local.agent_check.verdict import Outcome, Verdict
from local.pms_sync_agent import PmsSyncAgent, signature_headers
from local.simulated_pms import PmsAppointment, SimulatedPms

Json = dict[str, Any]
START = 1_782_925_200.0
OLD, NEW = SECRETS
ROUNDS = 150


class Clock:
    """The time of both sides. It advances only when the agent sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = START
        clock = self

        class Datetime(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> "Datetime":
                return cls.fromtimestamp(clock.seconds, tz)

        monkeypatch.setattr("local.pms_sync_agent.datetime", Datetime)
        stand_in = SimpleNamespace(sleep=self.sleep, monotonic=lambda: self.seconds)
        monkeypatch.setattr("local.pms_sync_agent.time", stand_in)
        monkeypatch.setattr("random.uniform", lambda low, high: (low + high) / 2)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Agent(PmsSyncAgent):
    """The reference agent, connected to a scenario without a network."""

    def connect(self, scenario: Scenario) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            resource, headers = request.url.path.rpartition("/")[2], dict(request.headers)
            received_at = scenario.now()
            reply = scenario.reply(resource, headers, request.content)
            scenario.record(resource, headers, request.content, received_at, reply)
            return httpx.Response(reply.status, json=reply.body)

        self._chairlink = httpx.Client(base_url="http://check", transport=httpx.MockTransport(answer))


class NeverRetries(Agent):
    def _post(self, resource: str, content: Json) -> Json:
        response = self._try_to_post(resource, json.dumps(content), f"msg_{uuid4().hex}")
        if response is None or response.status_code != 200:
            return {"writes": [], "rejected": []}
        result: Json = response.json()
        return result


class NewIdOnRetry(Agent):
    def _try_to_post(self, resource: str, body: str, delivery_id: str) -> httpx.Response | None:
        return super()._try_to_post(resource, body, f"{delivery_id}{uuid4().hex}")


class OtherBytesOnRetry(Agent):
    def _try_to_post(self, resource: str, body: str, delivery_id: str) -> httpx.Response | None:
        return super()._try_to_post(resource, body + " " * (uuid4().int % 10_000), delivery_id)


class SignsOtherBytes(Agent):
    def _try_to_post(self, resource: str, body: str, delivery_id: str) -> httpx.Response | None:
        headers = signature_headers(self._secret, delivery_id, datetime.fromtimestamp(START, UTC), body + " ")
        return self._chairlink.post(f"/v1/pms/{self._agent_id}/{resource}", content=body, headers=headers)


class StaleTimestamp(Agent):
    def _try_to_post(self, resource: str, body: str, delivery_id: str) -> httpx.Response | None:
        headers = signature_headers(self._secret, delivery_id, datetime.fromtimestamp(START - 301, UTC), body)
        return self._chairlink.post(f"/v1/pms/{self._agent_id}/{resource}", content=body, headers=headers)


class CreatesTwice(Agent):
    def _create(self, write: Json) -> str:
        fields = write["appointment"]
        copies = len(self._pms.changes())
        start = datetime.fromisoformat(fields["start"]).replace(tzinfo=None).isoformat()
        return self._pms.create(PmsAppointment(fields["patient"], start, 30, operatory=f"chair_{copies}"))


class ReportsNoOutcome(Agent):
    def send_events(self, events: Any) -> None:
        if kept := [event for event in events if not event["type"].startswith("write.")]:
            super().send_events(kept)


class ReportsNoReason(Agent):
    def _carry_out(self, write: Json) -> Json:
        event = super()._carry_out(write)
        event["data"] |= {"reason": ""} if event["type"] == "write.failed" else {}
        return event


class ReusesVersions(Agent):
    def send_events(self, events: Any) -> None:
        super().send_events([event | {"version": 7} if "version" in event else event for event in events])


class SendsUnknownFields(Agent):
    def send_events(self, events: Any) -> None:
        super().send_events([event | {"colour": "red"} for event in events])


class SendsNoHeartbeat(Agent):
    def send_events(self, events: Any) -> None:
        if events[0]["type"] != "heartbeat":
            super().send_events(events)


class RetriesWithoutPause(Agent):
    def _post(self, resource: str, content: Json) -> Json:
        body, delivery_id = json.dumps(content), f"msg_{uuid4().hex}"
        while (response := self._try_to_post(resource, body, delivery_id)) is None or response.status_code >= 500:
            pass
        result: Json = response.json()
        return result


class ForgetsAppointmentIds(Agent):
    def _carry_out(self, write: Json) -> Json:
        event = super()._carry_out(write)
        event["data"].pop("appointment_id", None)
        return event

    def send_events(self, events: Any) -> None:
        for event in events:
            event.get("data", {}).pop("write_id", None) if event["type"] == "appointment.upserted" else None
        super().send_events(events)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> Callable[..., Scenario]:
    """Run an agent through the whole check, with a person who changes appointments and the secret meanwhile."""

    def run_agent(kind: type[Agent], *, rounds: int = ROUNDS, idle: float = 0) -> Scenario:
        pms = SimulatedPms(tmp_path / f"{kind.__name__}.sqlite", can_create=True)
        first = pms.create(
            PmsAppointment({"first_name": "Jane", "last_name": "Doe"}, "2026-07-15T15:00:00", 60, "p", "c", "s")
        )
        scenario = Scenario(SECRETS, Resources("p", "c", "s", "America/Vancouver"), NORMAL_PACE, lambda: clock.seconds)
        agent = kind("http://check", "agt_check", OLD, pms)
        agent.connect(scenario)
        for number in range(rounds):
            if number in (10, 20):
                pms.change(first, start=f"2026-07-{number + 6}T15:00:00")
            if number == rounds - 10:
                agent._secret = NEW
            with suppress(httpx.HTTPError):
                agent.run_round()
            clock.sleep(2)
        clock.sleep(idle)
        return scenario

    return run_agent


def verdicts_of(scenario: Scenario) -> dict[str, Verdict]:
    return judge(scenario.recording())


def test_the_reference_agent_passes_every_rule(run: Callable[..., Scenario]) -> None:
    scenario = run(Agent)
    verdicts = verdicts_of(scenario)
    assert {name: verdict.text for name, verdict in verdicts.items() if verdict.outcome is not Outcome.PASS} == {}
    assert scenario.is_complete
    assert is_settled(verdicts)
    assert exit_code(scenario.recording(), verdicts) == 0


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (NeverRetries, "retry"),
        (NewIdOnRetry, "retry"),
        (OtherBytesOnRetry, "webhook-id"),
        (SignsOtherBytes, "signature"),
        (StaleTimestamp, "timestamp"),
        (CreatesTwice, "one-appointment"),
        (ReportsNoOutcome, "outcome"),
        (ReportsNoReason, "refusal"),
        (ReusesVersions, "versions"),
        (SendsUnknownFields, "event-contract"),
        (SendsNoHeartbeat, "heartbeat"),
        (RetriesWithoutPause, "back-off"),
        (ForgetsAppointmentIds, "identification"),
    ],
)
def test_a_broken_agent_fails_by_the_rule_that_it_breaks(
    run: Callable[..., Scenario], kind: type[Agent], rule: str
) -> None:
    scenario = run(kind, idle=1_801 if kind is SendsNoHeartbeat else 0)
    verdicts = verdicts_of(scenario)
    assert verdicts[rule].outcome is Outcome.FAIL, verdicts[rule].text
    assert exit_code(scenario.recording(), verdicts) == 1


def test_an_agent_that_calls_nothing_does_not_pass(run: Callable[..., Scenario]) -> None:
    scenario = run(Agent, rounds=0)
    verdicts = verdicts_of(scenario)
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.NOT_SEEN}
    assert exit_code(scenario.recording(), verdicts) == 1


def test_the_report_has_one_line_per_rule_and_the_totals(run: Callable[..., Scenario]) -> None:
    verdicts = verdicts_of(run(Agent))
    *lines, totals = report_lines(verdicts)
    assert [line.split()[1] for line in lines] == list(verdicts)
    assert totals == f"{len(verdicts)} rules: {len(verdicts)} PASS, 0 FAIL, 0 NOT SEEN"
    assert set(OPTIONAL_RULES) <= set(verdicts)


def test_a_retry_before_the_late_answer_counts() -> None:
    body = b'{"events": [{"type": "heartbeat"}]}'
    headers = {"webhook-id": "msg_1"}
    retry = Call("events", START + 30, START + 30, headers, body, 200)
    timed_out = Call("events", START, START + 35, headers, body, 504, Fault.TIME_OUT)
    recording = Recording(SECRETS, [retry, timed_out], [], START + 1_000, NORMAL_PACE)
    verdict = retries_under_the_same_id(recording)
    assert verdict.outcome is Outcome.NOT_SEEN, verdict.text
    assert Fault.TIME_OUT.value not in verdict.text


def test_the_server_refuses_other_agents_and_unsigned_calls(clock: Clock) -> None:
    scenario = Scenario(SECRETS, Resources("p", "c", "s", "America/Vancouver"), NORMAL_PACE, lambda: clock.seconds)
    app = AgentCheckApp("agt_check", scenario).app()
    body = '{"events": [{"type": "heartbeat"}]}'
    signed = signature_headers(OLD, "msg_1", datetime.fromtimestamp(START, UTC), body)

    async def statuses() -> list[int]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://check") as client:
            return [
                (await client.post(path, content=body, headers=headers)).status_code
                for path, headers in (
                    ("/v1/pms/agt_other/events", signed),
                    ("/v1/pms/agt_check/other", signed),
                    ("/v1/pms/agt_check/events", {}),
                    ("/v1/pms/agt_check/events", signed),
                )
            ]

    assert asyncio.run(statuses()) == [401, 404, 401, 503]
    assert [call.status for call in scenario.recording().calls] == [401, 503]
