"""DEMO_AGENTS turns the demo's own agents off, so that a vendor can connect their program."""

from pathlib import Path

import pytest

from local.demo_credentials import DemoCredentials
from local.demo_pms_agents import DemoPmsAgents, practices_without_agent
from local.demo_practices import HARBOUR, PRACTICES, SAINT_LAURENT
from local.state_folder import StateFolder
from local.terminal_output import CommandError

EVERY_PRACTICE = {practice.id for practice in PRACTICES}


@pytest.mark.parametrize(
    ("setting", "without_agent"),
    [
        ("", set()),
        ("on", set()),
        ("off", EVERY_PRACTICE),
        (HARBOUR.id, {HARBOUR.id}),
        (f"{HARBOUR.id}, {SAINT_LAURENT.id}", EVERY_PRACTICE),
    ],
)
def test_the_setting_names_the_practices_without_an_agent(
    monkeypatch: pytest.MonkeyPatch, setting: str, without_agent: set[str]
) -> None:
    monkeypatch.setenv("DEMO_AGENTS", setting)
    assert practices_without_agent() == without_agent


def test_every_agent_runs_unless_the_setting_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_AGENTS", raising=False)
    assert practices_without_agent() == set()


def test_a_wrong_setting_is_refused_with_the_right_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_AGENTS", "prac_nowhere")
    with pytest.raises(CommandError, match=HARBOUR.id):
        practices_without_agent()


def test_a_practice_without_an_agent_keeps_its_pms(tmp_path: Path) -> None:
    agents = DemoPmsAgents(StateFolder(tmp_path), DemoCredentials(), "http://127.0.0.1:1", frozenset({HARBOUR.id}))
    assert set(agents.pms_by_practice) == EVERY_PRACTICE
    assert len(agents._threads) == len(PRACTICES) - 1
