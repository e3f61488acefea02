"""Logs and metrics of a whole scenario have ids, codes and durations, and no personal data."""

import io
import json
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet
from bookings.domain.practice.practice import Practice
from bookings.observability import logger
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.schema import Table
from tests.support.api_harness import Answer, ApiHarness, frozen_clock
from tests.support.builders import COLLEAGUE, NOW, a_practice, an_event

JANE = {
    "first_name": "Zuleika",
    "last_name": "Featherstonehaugh",
    "email": "zuleika.f@example.com",
    "phone": "604-555-0147",
    "date_of_birth": "1987-11-23",
}
NOTE = "nervous since the root canal"
REASON = "her sister drives her"
PERSONAL = [*JANE.values(), "6045550147", NOTE, REASON, "featherstonehaugh", COLLEAGUE]


@dataclass
class Output:
    """Everything that a function writes: its log, its metrics, and the logs of libraries."""

    own: io.StringIO
    capsys: pytest.CaptureFixture[str]
    caplog: pytest.LogCaptureFixture

    def read(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
        """Log lines, metrics, and everything as text."""
        printed = self.capsys.readouterr()
        lines = [json.loads(line) for line in self.own.getvalue().splitlines()]
        metrics = [json.loads(line) for line in printed.out.splitlines() if '"_aws"' in line]
        return lines, metrics, "\n".join((*map(json.dumps, lines), printed.out, printed.err, self.caplog.text))


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[Output]:
    caplog.set_level(logging.INFO)
    own = io.StringIO()
    handler = logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    written = handler.setStream(own)
    yield Output(own, capsys, caplog)
    handler.setStream(written)


def _submit(api: ApiHarness, practice: Practice, key: str, **more: Any) -> Answer:
    wish = {"start": "2026-07-15T15:00:00", "practitioner_id": "prov_a", "service_id": "svc_checkup"}
    body = {"patient": JANE, "requested": wish, "note": NOTE, **more}
    return api.call("submit_request", practice.id, body, key=key)


def _run_scenario(api: ApiHarness) -> list[Answer]:
    """Three requests: one accepted after a conflict and reopened, one linked, one rejected; and many refused calls."""
    practice = api.add_practice(a_practice())
    first, second, third = (_submit(api, practice, f"key-{number}").part("id") for number in range(3))

    def decide(verb: str, request_id: str, revision: int | None, body: object) -> Answer:
        return api.call(f"{verb}_request", practice.id, body, request_id=request_id, revision=revision)

    return [
        _submit(api, practice, "key-0", note=f"{NOTE}, really"),
        _submit(api, practice, "key-9", patient={**JANE, "email": JANE["last_name"]}),
        _submit(api, practice, "key-9", patient={**JANE, JANE["last_name"]: 1}),
        decide("accept", first, None, {"notify": True}),
        decide("accept", first, 1, {"notify": True, "start": "2026-07-15T19:00:00"}),
        decide("accept", first, 1, {"notify": True, "start": "2026-07-15T19:00:00", "override": {"reason": REASON}}),
        decide("accept", first, 1, {"notify": True}),
        api.send_events(practice, an_event(id="A1", patient=JANE), an_event(id="A2", patient={**JANE, "phone": NOTE})),
        decide("accept", second, 1, {"notify": True}),
        decide("link", second, 1, {"appointment_id": "A1", "notify": True}),
        decide("reject", third, 1, {"reason": "other", "note": NOTE, "notify": False}),
        api.call("list_requests", practice.id),
        api.call("list_matches", practice.id, request_id=first),
        decide("reopen", first, 2, None),
        api.call("read_history", practice.id, request_id=first),
        api.call(
            "read_conversion_report", practice.id, role="manager", query={"from": "2026-07-01", "to": "2026-07-01"}
        ),
    ]


def test_each_call_of_the_scenario_has_its_answer(api: ApiHarness, output: Output) -> None:
    answers = _run_scenario(api)
    problems = [(answer.status, answer.body.get("type")) for answer in answers]
    assert problems == [
        (422, "idempotency-key-reused"),
        (422, "invalid-request"),
        (422, "invalid-request"),
        (428, "revision-required"),
        (409, "schedule-conflict"),
        (200, None),
        (409, "already-decided"),
        (200, None),
        (409, "possible-match"),
        (200, None),
        (200, None),
        (200, None),
        (200, None),
        (200, None),
        (200, None),
        (200, None),
    ]  # fmt: skip
    report = answers[-1].body["totals"]
    assert {name: report[name] for name in ("received", "pending", "accepted", "rejected")} == {
        "received": 3, "pending": 1, "accepted": 1, "rejected": 1,
    }  # fmt: skip


def test_logs_and_metrics_have_no_personal_data(api: ApiHarness, output: Output) -> None:
    _run_scenario(api)
    _, _, everything = output.read()
    assert [personal for personal in PERSONAL if personal.casefold() in everything.casefold()] == []


def test_every_refusal_is_logged_with_its_code_and_the_callers_correlation_id(api: ApiHarness, output: Output) -> None:
    answers = _run_scenario(api)
    refusals = [(answer.headers["X-Correlation-Id"], answer.body["type"]) for answer in answers if answer.status >= 400]
    lines, _, _ = output.read()
    logged = [(line["correlation_id"], line["problem"]) for line in lines if line["message"] == "refused"]
    assert logged == refusals
    assert len({correlation_id for correlation_id, _ in logged}) == len(logged)


def test_an_email_has_the_correlation_id_of_its_call(api: ApiHarness, output: Output) -> None:
    before = {str(email["outbox_id"]) for email in api.stored_items()[Table.OUTBOX]}
    answers = _run_scenario(api)
    emails = [email for email in api.stored_items()[Table.OUTBOX] if str(email["outbox_id"]) not in before]
    accepted, linked = answers[5], answers[9]
    assert {email["correlation_id"]["S"] for email in emails} == {
        answer.headers["X-Correlation-Id"] for answer in (accepted, linked)
    }, "the acceptance is reopened in time, which sends nothing"


def test_the_scenario_is_counted_in_metrics(api: ApiHarness, output: Output) -> None:
    _run_scenario(api)
    _, metrics, _ = output.read()
    counted: Counter[str] = Counter()
    for metric in metrics:
        (directive,) = metric["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == "Chairlink"
        assert directive["Dimensions"] == [["service"]]
        counted.update(each["Name"] for each in directive["Metrics"])
    assert counted == {
        "RequestsReceived": 3,
        "RequestsAccepted": 1,
        "RequestsLinked": 1,
        "RequestsRejected": 1,
        "RequestsReopened": 1,
        "TimeToDecision": 3,
    }


def test_time_to_decision_is_the_time_since_receipt(moto_api: ApiHarness, output: Output) -> None:
    practice = moto_api.add_practice(a_practice())
    request_id = _submit(moto_api, practice, "key").part("id")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bookings.entrypoints.endpoint.datetime", frozen_clock(NOW + timedelta(hours=1)))
        moto_api.call(
            "reject_request", practice.id, {"reason": "spam", "notify": False}, request_id=request_id, revision=1
        )
    _, metrics, _ = output.read()
    assert [metric["TimeToDecision"] for metric in metrics if "TimeToDecision" in metric] == [[3600.0]]


def test_a_refused_decision_counts_nothing(moto_api: ApiHarness, output: Output) -> None:
    practice = moto_api.add_practice(a_practice())
    request_id = _submit(moto_api, practice, "key").part("id")
    output.read()
    moto_api.call("reject_request", practice.id, {"reason": "rude", "notify": False}, request_id=request_id, revision=1)
    moto_api.call("reject_request", practice.id, {"reason": "spam", "notify": False}, request_id=request_id, revision=4)
    assert output.read()[1] == []


def test_a_crash_is_logged_and_answered_without_its_text(moto_api: ApiHarness, output: Output) -> None:
    practice = moto_api.add_practice(a_practice())

    def breaks(self: DynamoBookingStore, change: ChangeSet) -> None:
        raise KeyError(f"no column for {change}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DynamoBookingStore, "commit", breaks)
        answer = _submit(moto_api, practice, "key")

    answer.assert_problem(500, "internal-error")
    assert set(answer.body) == {"type", "title", "status", "detail"}
    lines, _, everything = output.read()
    (crash,) = [line for line in lines if line["message"] == "crash"]
    assert crash["error"] == "KeyError"
    assert crash["correlation_id"] == answer.headers["X-Correlation-Id"]
    assert any("submit_request" in place or "patient.py" in place for place in crash["at"])
    assert [personal for personal in PERSONAL if personal.casefold() in everything.casefold()] == []
