"""What is kept when a stack is stopped, killed, or cannot save. These tests run stacks of their own."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.repository_paths import ROOT
from local.state_folder import StateFolder
from tests.e2e.actors import Patient, eventually, next_15_july
from tests.e2e.conftest import STOP_TIMEOUT_SECONDS, free_port, wait_until_ready

pytestmark = pytest.mark.e2e

PRACTICE = "prac_harbour_dental"


@dataclass
class Run:
    """One run of the stack."""

    process: subprocess.Popen[bytes]
    http: httpx.Client
    log: Path

    def submit(self) -> str:
        """A patient submits a request. Returns the path at which they read it."""
        asked = Patient(PRACTICE, self.http).submit(f"{next_15_july()}T15:00:00")
        return f"/v1/public/requests/{asked['manage_token']}"

    def has(self, request: str) -> bool:
        """Whether the request is stored."""
        return self.http.get(request).status_code == httpx.codes.OK

    def emulator(self) -> psutil.Process:
        """The emulator's process."""
        (child,) = psutil.Process(self.process.pid).children()
        return child

    def stop(self) -> int:
        """Stop it as Ctrl-C does; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_TIMEOUT_SECONDS)

    def kill(self) -> None:
        """Kill the process that a developer sees, and no other."""
        self.process.kill()
        self.process.wait()


def has_ended(process: psutil.Process) -> bool:
    """Whether the process runs no more; nobody may have waited for it."""
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


@contextmanager
def a_run(state: StateFolder) -> Iterator[Run]:
    port = free_port()
    log = state.path.with_name(f"run-{port}.log")
    base_url = f"http://127.0.0.1:{port}"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "run"],
            cwd=ROOT,
            env=os.environ | {"PORT": str(port), "CHAIRLINK_STATE": str(state.path), "DEMO_AGENTS": "off"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_ready(process, base_url, log)
        with httpx.Client(base_url=base_url, timeout=60) as http:
            yield Run(process, http, log)
    finally:
        if process.poll() is None:
            process.kill()  # the emulator ends with it
            process.wait()


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path / "state")


def test_a_killed_or_unsaved_run_returns_to_the_last_clean_stop(state: StateFolder) -> None:
    with a_run(state) as run:
        saved = run.submit()
        assert run.stop() == 0, run.log.read_text()

    with a_run(state) as run:
        assert run.has(saved)
        lost = run.submit()
        second = subprocess.run(
            [sys.executable, "-m", "local", "run"],
            cwd=ROOT,
            env=os.environ | {"PORT": str(free_port()), "CHAIRLINK_STATE": str(state.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert f"another local stack is using {state.path}" in second.stderr
        emulator = run.emulator()
        run.kill()
        eventually(lambda: has_ended(emulator), "the end of the emulator")

    with a_run(state) as run:
        assert (run.has(saved), run.has(lost)) == (True, False)
        unsaved = run.submit()
        (state.emulator_folder / "dynamodb.json.tmp").mkdir()  # where the emulator writes first
        assert run.stop() == 1
        assert "the state was not saved" in run.log.read_text()

    with a_run(state) as run:
        assert (run.has(saved), run.has(unsaved)) == (True, False)
        readable = [path for path in (state.path, *state.path.rglob("*")) if path.stat().st_mode & 0o077]
        assert [path for path in readable if path != state.lock_file] == []
        assert stat.S_IMODE(state.path.stat().st_mode) == 0o700
        assert run.stop() == 0, run.log.read_text()
