"""The AWS emulator (MiniStack) as a child process that only this machine can reach."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.config import Config

from deploy.repository_paths import VENV
from local.state_folder import State
from local.terminal_output import CannotGoOn

HOST = "127.0.0.1"
REGION = "ca-central-1"
ACCOUNT = "000000000000"
_QUEUE = re.compile(r"(http://localhost:)\d+(/\d{12}/)")
_STARTS_WITHIN = 60.0
_STOPS_WITHIN = 30.0


class Emulator:
    """One running emulator. It keeps its state in a folder of its own and saves it on a clean stop."""

    def __init__(self, state: State, mail_door: str) -> None:
        """`mail_door` is the address to which the functions' SES calls go: the emulator itself forgets attachments."""
        self._state = state
        self._mail_door = mail_door
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False
        self.port = 0

    @property
    def url(self) -> str:
        """Where the emulator answers."""
        return f"http://{HOST}:{self.port}"

    def client(self, service: str) -> Any:
        """A boto3 client of that service, as the account's root user."""
        return root_client(service, self.url)

    def start(self, died: Callable[[], None]) -> None:
        """Start it and wait until it answers; `died` is called if it ends before it was told to."""
        self.port = _free_port()
        self._prepare_state()
        with self._state.log.open("wb") as log:
            self._process = subprocess.Popen(
                [VENV / "emulator/bin/python", "-m", "ministack"],
                cwd=self._state.folder, env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone; we stop it when nothing needs it any more
            )  # fmt: skip
        self._wait_until_ready(self._process)
        self._state.address.write_text(self.url)
        threading.Thread(target=self._watch, args=(self._process, died), daemon=True).start()

    def stop(self) -> None:
        """Stop it; it saves its state on the way out."""
        self._stopping = True
        process = self._process
        try:
            if process is not None and process.poll() is None:
                _end(process)
        finally:
            if process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # workers of functions that have not noticed yet
            shutil.rmtree(self._state.scratch, ignore_errors=True)
            self._state.address.unlink(missing_ok=True)

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
        return kept | {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "AUTH": "true",  # a function may do here what its role in the template allows, and no more
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self._state.emulator),
            "S3_DATA_DIR": str(self._state.emulator / "s3"),
            "TMPDIR": str(self._state.scratch),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "LOG_LEVEL": "INFO",
            "AWS_ENDPOINT_URL_SESV2": self._mail_door,
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
            # None of these is ours to use: a Docker that happens to run, listeners on well-known ports.
            "DOCKER_HOST": f"unix://{self._state.scratch}/no-docker",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _prepare_state(self) -> None:
        shutil.rmtree(self._state.scratch, ignore_errors=True)
        for folder in (self._state.emulator, self._state.scratch):
            folder.mkdir(parents=True, exist_ok=True)
        forget_stream_positions(self._state.emulator / "lambda.json")
        move_queues(self._state.emulator, self.port)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + _STARTS_WITHIN
        while process.poll() is None and time.monotonic() < give_up:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/_ministack/health", timeout=2).status_code == httpx.codes.OK:
                    return
            time.sleep(0.05)
        process.kill()
        raise CannotGoOn(f"the emulator did not start; its last words are in {self._state.log}")

    def _watch(self, process: subprocess.Popen[bytes], died: Callable[[], None]) -> None:
        process.wait()
        if not self._stopping:
            died()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise CannotGoOn("the emulator did not stop in time, so its state was not saved") from None


def root_client(service: str, emulator_url: str) -> Any:
    """A boto3 client of that service of the emulator there, as the account's root user."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=emulator_url,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 2}, s3={"addressing_style": "path"}),
    )


def move_queues(saved: Path, port: int) -> None:
    """Give the queues the addresses of this port: the emulator finds a queue by its address, wherever that is kept."""
    for kept in (saved / f"{service}.json" for service in ("sqs", "cloudformation", "lambda")):
        if kept.exists():
            kept.write_text(_QUEUE.sub(rf"\g<1>{port}\g<2>", kept.read_text()))


def forget_stream_positions(saved: Path) -> None:
    """Drop how far the emulator read each stream: it does not save the streams, and would wait there for ever."""
    if not saved.exists():
        return
    contents = json.loads(saved.read_text())
    payload = contents.get("payload", contents)
    if payload.pop("dynamodb_stream_positions", None) is not None:
        saved.write_text(json.dumps(contents))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
