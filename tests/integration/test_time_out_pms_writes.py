"""The function time_out_pms_writes, its logs and metrics."""

import importlib
import json
from datetime import timedelta
from typing import Any

import pytest

from deploy.repository_paths import ROOT
from tests.support.api_harness import ApiHarness, frozen_clock
from tests.support.builders import NOW
from tests.support.lambda_context import FakeLambdaContext
from tests.support.scenarios import HARBOUR, JANES, to_be_written

WRITE = "write_019f1e9f8a80000000000000000c"


def _sweeps(api: ApiHarness, monkeypatch: pytest.MonkeyPatch, left: int = 100_000) -> None:
    app = importlib.import_module("functions.time_out_pms_writes.app")
    monkeypatch.setattr(app, "APP", api.application)
    monkeypatch.setattr("bookings.entrypoints.schedule.datetime", frozen_clock(NOW + timedelta(hours=1)))
    event: dict[str, Any] = json.loads((ROOT / "events/time_out_pms_writes/scheduled.json").read_text())
    app.handler(event, FakeLambdaContext(milliseconds=left))


def _janes(api: ApiHarness) -> Any:
    found = api.application.bookings.load(HARBOUR.id, request_id=JANES.id).request
    assert found
    return found


@pytest.fixture(autouse=True)
def functions_know_their_tables(moto_api: ApiHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in moto_api.engine.environment.items():
        monkeypatch.setenv(name, value)


def test_a_write_without_an_outcome_asks_the_front_desk_for_attention(
    moto_api: ApiHarness,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    to_be_written(moto_api)
    _sweeps(moto_api, monkeypatch)
    after = _janes(moto_api)
    assert (after.pms_write, after.attention, after.revision) == ("timed_out", "write_timed_out", 3)
    printed = capsys.readouterr().out
    assert "WriteTimedOut" in printed
    (line,) = [vars(record) for record in caplog.records if record.message == "write"]
    named = line["practice_id"], line["request_id"], line["write_id"], line["attempts"], line["step"]
    assert named == (HARBOUR.id, JANES.id, WRITE, 0, "timed_out")
    assert "Jane" not in printed


def test_the_sweep_counts_stuck_writes_even_if_there_are_none(
    moto_api: ApiHarness, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    to_be_written(moto_api)
    counted = []
    for _ in range(2):
        _sweeps(moto_api, monkeypatch)
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "PmsWritesStuck" in line]
        counted += [line["PmsWritesStuck"] for line in lines]
    assert counted == [[1.0], [0.0]]


def test_a_sweep_without_time_leaves_the_writes_to_the_next(
    moto_api: ApiHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_be_written(moto_api)
    _sweeps(moto_api, monkeypatch, left=20_000)
    assert _janes(moto_api).pms_write == "queued"


def test_a_sweep_that_crashes_fails(moto_api: ApiHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    to_be_written(moto_api)

    def breaks(*_: object) -> None:
        raise KeyError("Jane")

    monkeypatch.setattr(type(moto_api.application.bookings), "commit", breaks)
    with pytest.raises(RuntimeError, match="1 PMS writes"):
        _sweeps(moto_api, monkeypatch)
