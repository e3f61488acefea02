"""The whole stack for a test session: built from template.yaml, on a free port, with a new state folder."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest

from deploy.repository_paths import ROOT
from local.aws_emulator import root_client
from local.emulator_deployment import physical_name
from local.state_folder import StateFolder

if TYPE_CHECKING:
    from tests.e2e.stage import Stage  # it imports this module

START_TIMEOUT_SECONDS = 300.0
STOP_TIMEOUT_SECONDS = 60.0
UNDO_SECONDS = 10


@dataclass(frozen=True)
class Stack:
    """A running stack as its callers reach it over HTTP."""

    base_url: str
    http: httpx.Client
    environment: dict[str, str]
    state: StateFolder
    pid: int

    def token(self, practice_id: str, role: str = "front_desk") -> str:
        """A token of a user with that role at that practice."""
        answer = self.http.post("/local/token", json={"practice_id": practice_id, "role": role})
        token: str = answer.raise_for_status().json()["token"]
        return token

    def set_undo_windows(self) -> None:
        """Let nobody wait for an e-mail, except at the practice on Dentrix, for a few seconds.

        No function that decides has cached the practices yet.
        """
        for kind, seconds in {"open_dental": 0, "dentrix": UNDO_SECONDS}.items():
            practice_id = self.practices()[kind]["practice_id"]
            headers = {"Authorization": f"Bearer {self.token(practice_id, 'manager')}"}
            settings = {"email_undo_seconds": seconds}
            self.http.patch(f"/v1/practices/{practice_id}", json=settings, headers=headers).raise_for_status()

    def emails(self, to: str | None = None) -> list[dict[str, Any]]:
        """The e-emails sent so far, newest last; those to one address, if it is given."""
        emails: list[dict[str, Any]] = self.http.get("/local/emails").raise_for_status().json()
        return [email for email in emails if to is None or to in email["to"]]

    def practices(self) -> dict[str, dict[str, Any]]:
        """The demo practices by the kind of their PMS: `open_dental` takes appointments, `dentrix` does not."""
        practices = self.http.get("/local/practices").raise_for_status().json()
        return {practice["pms"]["kind"]: practice for practice in practices}

    def aws(self, service: str) -> Any:
        """A boto3 client of that service, for what the API does not show."""
        return root_client(service, self.state.emulator_url_file.read_text())

    def name_of(self, logical_id: str) -> str:
        """The physical name of that resource of template.yaml."""
        return physical_name(self.aws("cloudformation"), logical_id)

    def kill(self, logical_id: str) -> int:
        """Kill every process of the function, as if its machine failed; returns their number."""
        name = self.name_of(logical_id)
        descendants = psutil.Process(self.pid).children(recursive=True)
        workers = [one for one in descendants if one.environ().get("AWS_LAMBDA_FUNCTION_NAME") == name]
        for worker in workers:
            worker.kill()
        return len(workers)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack for these tests. It starts in seconds if it was built before."""
    folder = tmp_path_factory.mktemp("stack")
    state = StateFolder(folder / "state")
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "PORT": str(port),
        "CHAIRLINK_STATE": str(state.path),
    }
    log = folder / "run.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "run"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        wait_until_ready(process, base_url, log)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        with httpx.Client(base_url=base_url, timeout=60, limits=limits) as http:
            stack = Stack(base_url, http, environment, state, process.pid)
            stack.set_undo_windows()
            yield stack
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise


@pytest.fixture(scope="session")
def stage(stack: Stack) -> "Stage":
    """The stack with patients, staff and agents."""
    from tests.e2e.stage import Stage

    return Stage(stack)


def wait_until_ready(process: subprocess.Popen[bytes], base_url: str, log: Path) -> None:
    give_up = time.monotonic() + START_TIMEOUT_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        with suppress(httpx.TransportError):
            if httpx.get(f"{base_url}/local/ready", timeout=5).status_code == httpx.codes.NO_CONTENT:
                return
        time.sleep(0.2)
    pytest.fail(f"the stack did not start:\n{log.read_text()}", pytrace=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
