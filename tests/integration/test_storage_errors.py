"""A fault of DynamoDB that may pass is Unavailable (503), so that callers repeat the call; any other is a crash."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pynamodb.exceptions import VerboseClientError

from bookings.domain.kernel.errors import Unavailable
from bookings.storage.dynamodb import DynamoDb, connect
from bookings.storage.schema import REQUESTS, Table

Reply = tuple[int, bytes]


@pytest.fixture
def reply() -> list[Reply]:
    """What the server answers to every call."""
    return []


@pytest.fixture
def database(reply: list[Reply], monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoDb]:
    """A connection to a server that answers as it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body = reply[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    yield connect(dict.fromkeys(Table, "a-table"))
    server.shutdown()
    server.server_close()


def error(code: str) -> bytes:
    return json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}).encode()


@pytest.mark.parametrize(
    "answered",
    [
        (400, error("ThrottlingException")),
        (400, error("RequestLimitExceeded")),
        (400, error("ProvisionedThroughputExceededException")),
        (500, error("InternalServerError")),
        (500, b""),
        (502, b"<html><body>Bad Gateway</body></html>"),
        (503, error("ServiceUnavailable")),
    ],
    ids=lambda answered: f"{answered[0]} {answered[1][:60]!r}",
)
def test_a_fault_that_may_pass_is_unavailable(
    database: DynamoDb, reply: list[Reply], monkeypatch: pytest.MonkeyPatch, answered: Reply
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)  # between the attempts of the SDK
    reply.append(answered)
    with pytest.raises(Unavailable):
        database.get([REQUESTS.key("prac_1", "req_1")])


def test_any_other_fault_is_a_crash(database: DynamoDb, reply: list[Reply]) -> None:
    reply.append((400, error("AccessDeniedException")))
    with pytest.raises(VerboseClientError):
        database.get([REQUESTS.key("prac_1", "req_1")])
