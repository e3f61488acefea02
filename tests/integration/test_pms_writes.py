"""The sweep for PMS writes as the clock meets it, and what it leaves in logs and metrics."""

import importlib
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import NOW
from tests.integration.house import House, clock_at
from tests.integration.scenes import HARBOUR, JANES, to_be_written
from tests.template.system import ROOT

WRITE = "write_019f1e9f8a80000000000000000c"


class Context:
    """Lambda's word on how much time is left."""

    aws_request_id = "run-1"

    def __init__(self, left: int = 100_000) -> None:
        self._left = left

    def get_remaining_time_in_millis(self) -> int:
        return self._left


def _sweeps(house: House, monkeypatch: pytest.MonkeyPatch, left: int = 100_000) -> None:
    app = importlib.import_module("functions.time_out_pms_writes.app")
    monkeypatch.setattr(app, "APP", house.application)
    monkeypatch.setattr("bookings.entrypoints.schedule.datetime", clock_at(NOW + timedelta(hours=1)))
    event: dict[str, Any] = json.loads((ROOT / "events/time_out_pms_writes/scheduled.json").read_text())
    app.handler(event, Context(left))


def _janes(house: House) -> Any:
    found = house.application.bookings.load(HARBOUR.id, request_id=JANES.id).request
    assert found
    return found


@pytest.fixture(autouse=True)
def functions_know_their_tables(quick_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in quick_house.engine.environment.items():
        monkeypatch.setenv(name, value)


def test_a_write_that_nobody_settles_comes_back_to_the_front_desk(
    quick_house: House,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    to_be_written(quick_house)
    _sweeps(quick_house, monkeypatch)
    after = _janes(quick_house)
    assert (after.pms_write, after.attention, after.revision) == ("timed_out", "write_timed_out", 3)
    printed = capsys.readouterr().out
    assert "WriteTimedOut" in printed
    (told,) = [vars(record_section) for record_section in caplog.records if record_section.message == "write"]
    named = told["practice_id"], told["request_id"], told["write_id"], told["attempts"], told["step"]
    assert named == (HARBOUR.id, JANES.id, WRITE, 0, "timed_out")
    assert "Jane" not in printed


def test_the_sweep_says_how_much_was_stuck_also_when_nothing_was(
    quick_house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    to_be_written(quick_house)
    counted = []
    for _ in range(2):
        _sweeps(quick_house, monkeypatch)
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "PmsWritesStuck" in line]
        counted += [line["PmsWritesStuck"] for line in lines]
    assert counted == [[1.0], [0.0]]


def test_a_sweep_without_time_leaves_it_to_the_next(quick_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    to_be_written(quick_house)
    _sweeps(quick_house, monkeypatch, left=5_000)
    assert _janes(quick_house).pms_write == "queued"


def test_a_sweep_that_fails_says_so(quick_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    to_be_written(quick_house)

    def breaks(*_: object) -> None:
        raise KeyError("Jane")

    monkeypatch.setattr(type(quick_house.application.bookings), "commit", breaks)
    with pytest.raises(RuntimeError, match="1 PMS writes"):
        _sweeps(quick_house, monkeypatch)
