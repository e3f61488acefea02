"""Starts and stops the AWS emulator (MiniStack): a child process that listens on 127.0.0.1 only."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import boto3
import httpx
from botocore.config import Config

from deploy.repository_paths import ROOT, VENV
from local.emulator_state import EmulatorState
from local.state_folder import StateFolder
from local.terminal_output import CommandError

HOST = "127.0.0.1"
REGION = "ca-central-1"
ACCOUNT = "000000000000"
_START_TIMEOUT_SECONDS = 60.0
_STOP_TIMEOUT_SECONDS = 30.0


class Emulator:
    """One emulator process. Its state is saved in the state folder when it is stopped cleanly, and only then."""

    def __init__(self, state: StateFolder, ses_url: str) -> None:
        """`ses_url` is the endpoint of the functions' SES calls: our proxy, since the emulator loses attachments."""
        self._state = state
        self._saved_state = EmulatorState(state)
        self._is_ready = False
        self._ses_url = ses_url
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False
        self.port = 0

    @property
    def url(self) -> str:
        """The emulator's endpoint for all services."""
        return f"http://{HOST}:{self.port}"

    def client(self, service: str) -> Any:
        """A boto3 client for the service, as the account's root user."""
        return root_client(service, self.url)

    def start(self, on_exit: Callable[[], None], lock: int) -> None:
        """Start the emulator and wait until it is healthy. `on_exit` is called if it exits before `stop`.

        The process holds the `lock` (a file descriptor) for as long as it lives, so that no other run can use its
        files. Raises CommandError if it does not start within a minute.
        """
        self.port = _free_port()
        shutil.rmtree(self._state.scratch_folder, ignore_errors=True)
        self._state.scratch_folder.mkdir(parents=True)
        self._saved_state.prepare(self.port)
        with self._state.emulator_log.open("wb") as log:
            self._process = subprocess.Popen(
                [VENV / "emulator/bin/python", ROOT / "local/emulator_process.py"],
                cwd=self._state.path, env=self._environment(), stdout=log, stderr=log,
                stdin=subprocess.PIPE,  # never written to: it ends with this process, and the emulator with it
                pass_fds=[lock],
                start_new_session=True,  # Ctrl-C must not reach it: `stop` ends it once nothing needs it
            )  # fmt: skip
        self._wait_until_ready(self._process)
        self._is_ready = True
        self._state.emulator_url_file.write_text(self.url)
        threading.Thread(target=self._watch, args=(self._process, on_exit), daemon=True).start()

    def stop(self) -> None:
        """Stop the emulator and save its state. Raises CommandError if the state was not saved."""
        self._stopping = True
        process = self._process
        try:
            if process is not None and process.poll() is None:
                before = self._saved_state.modified()
                _terminate(process)
                if self._is_ready:  # otherwise it may not have loaded all that it would save
                    self._saved_state.keep(before)
        finally:
            if process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # worker processes of functions that still run
            shutil.rmtree(self._state.scratch_folder, ignore_errors=True)
            self._state.emulator_url_file.unlink(missing_ok=True)

    def _environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
        return inherited | {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "AUTH": "true",  # check each call of a function against the policies of its role
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self._state.emulator_folder),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self._state.emulator_folder / "s3"),
            "TMPDIR": str(self._state.scratch_folder),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "LOG_LEVEL": "INFO",
            "AWS_ENDPOINT_URL_SESV2": self._ses_url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
            # Switched off: a Docker daemon that may run on this machine, and listeners on well-known ports.
            "DOCKER_HOST": f"unix://{self._state.scratch_folder}/no-docker",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/_ministack/health", timeout=2).status_code == httpx.codes.OK:
                    return
            time.sleep(0.05)
        process.kill()
        raise CommandError(f"the emulator did not start; see the end of its log, {self._state.emulator_log}")

    def _watch(self, process: subprocess.Popen[bytes], on_exit: Callable[[], None]) -> None:
        process.wait()
        if not self._stopping:
            on_exit()


def _terminate(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise CommandError("the emulator did not stop in time, so its state was not saved") from None


def root_client(service: str, emulator_url: str) -> Any:
    """A boto3 client for a service of the emulator at that URL, as the account's root user."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=emulator_url,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 2}, s3={"addressing_style": "path"}),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
