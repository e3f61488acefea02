"""The two emulators of DynamoDB: moto in this process, and MiniStack as a process of its own.

moto is quick but does not prove atomicity. MiniStack passed every semantic check that we tried (docs/proofs.md).
"""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from bookings.settings import Settings
from bookings.storage.dynamodb import DynamoDb, connect
from bookings.storage.schema import Table
from deploy.repository_paths import VENV
from tests.support.dynamodb_tables import create_tables

HOST = "127.0.0.1"
EMULATOR = VENV / "emulator/bin/python"
START_TIMEOUT_SECONDS = 60.0

OTHER_SETTINGS = {
    "EMAIL_SENDER": "bookings@chairlink.dev",
    "EMAIL_CONFIGURATION_SET": "chairlink",
    "REPORTS_BUCKET": "reports",
    "SUBMISSIONS_PER_HOUR": "5000",
    "HELD_EMAIL_QUEUE": "https://sqs.ca-central-1.amazonaws.com/123456789012/held-emails",
    "REPORT_QUEUE": "https://sqs.ca-central-1.amazonaws.com/123456789012/reports",
}
"""The other settings that functions need."""


@dataclass(frozen=True)
class Engine:
    """An emulator with every table of template.yaml. Without an endpoint calls go to AWS, which moto mocks."""

    name: str
    endpoint: str | None
    tables: Mapping[Table, str]

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of a function that uses it."""
        settings = {table.value: name for table, name in self.tables.items()} | OTHER_SETTINGS
        return settings | ({"AWS_ENDPOINT_URL": self.endpoint} if self.endpoint else {})

    @property
    def settings(self) -> Settings:
        """The settings of a function that uses it and caches nothing."""
        return Settings({**self.environment, "PRACTICE_CACHE_SECONDS": "0"})

    def connect(self) -> DynamoDb:
        """A new connection, as a function makes it."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            return connect(self.tables)

    @cached_property
    def client(self) -> Any:
        """A boto3 client. Making one takes longer than most calls."""
        return boto3.client("dynamodb", endpoint_url=self.endpoint)


@contextmanager
def moto_engine(_: Callable[[str], Any]) -> Iterator[Engine]:
    """moto with empty tables."""
    with mock_aws():
        yield Engine("moto", None, create_tables(boto3.client("dynamodb")))


@contextmanager
def ministack_engine(fixture: Callable[[str], Any]) -> Iterator[Engine]:
    """The session's MiniStack with tables of their own."""
    endpoint: str = fixture("ministack_endpoint")
    client = boto3.client("dynamodb", endpoint_url=endpoint)
    yield Engine("ministack", endpoint, create_tables(client, f"t{uuid.uuid4().hex[:8]}-"))


ENGINES: Mapping[str, Callable[[Callable[[str], Any]], AbstractContextManager[Engine]]] = {
    "moto": moto_engine,
    "ministack": ministack_engine,
}


@contextmanager
def running_ministack(folder: Path) -> Iterator[str]:
    """Run MiniStack on a free local port; returns its address."""
    if not EMULATOR.exists():
        pytest.fail("chairlink: .venv/emulator is missing; `make test` installs it", pytrace=False)
    port = _free_port()
    endpoint = f"http://{HOST}:{port}"
    log = folder / "ministack.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [EMULATOR, "-m", "ministack"],
            cwd=folder,
            env=_environment(folder, port),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
        )
    try:
        _wait_until_ready(process, endpoint, log)
        yield endpoint
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    return kept | {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MINISTACK_REGION": os.environ["AWS_DEFAULT_REGION"],
        "STATE_DIR": str(folder / "state"),
        "TMPDIR": str(folder),
        "DOCKER_HOST": f"unix://{folder}/no-docker",
        "LOG_LEVEL": "WARNING",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _wait_until_ready(process: "subprocess.Popen[bytes]", endpoint: str, log: Path) -> None:
    give_up = time.monotonic() + START_TIMEOUT_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        with (
            suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2),
        ):
            return
        time.sleep(0.05)
    pytest.fail(f"chairlink: the emulator did not start: {log.read_text()[-500:]}", pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
