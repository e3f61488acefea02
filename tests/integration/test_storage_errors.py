"""A fault of DynamoDB that may pass is Unavailable (503), so that callers repeat the call; any other is a crash.

Every retry of ours ends, after so many attempts or when the invocation has no time left.
"""

import json
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from pynamodb.exceptions import VerboseClientError

from bookings.call_limits import DYNAMODB_CALL, INVOCATION
from bookings.domain.kernel.errors import Unavailable
from bookings.storage.codec import encode_item
from bookings.storage.dynamodb import MAX_CALL_ATTEMPTS, DynamoDb, PutItem, connect
from bookings.storage.schema import REQUESTS, Key, Table

Reply = tuple[int, bytes]

KEY, OTHER_KEY = REQUESTS.key("prac_1", "req_1"), REQUESTS.key("prac_1", "req_2")


@pytest.fixture
def reply() -> list[Reply]:
    """What the server answers to its calls, the last one to all further calls."""
    return []


@pytest.fixture
def calls() -> list[dict[str, Any]]:
    """The calls that the server got."""
    return []


@pytest.fixture
def database(reply: list[Reply], calls: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoDb]:
    """A connection to a server that answers as it is told; no attempt waits."""
    monkeypatch.setattr("time.sleep", lambda _: None)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, body = reply.pop(0) if len(reply) > 1 else reply[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    yield connect(dict.fromkeys(Table, "a-table"))
    server.shutdown()
    server.server_close()


def error(code: str) -> bytes:
    return json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}).encode()


def batch(found: Sequence[Key], left_out: Sequence[Key]) -> Reply:
    """The answer to a batch read that leaves keys out."""
    items = [encode_item(dict(key.attributes)) for key in found]
    unprocessed = {"a-table": {"ConsistentRead": True, "Keys": [encode_item(dict(key.attributes)) for key in left_out]}}
    answer = {"Responses": {"a-table": items}, "UnprocessedKeys": unprocessed if left_out else {}}
    return 200, json.dumps(answer).encode()


def cancelled(code: str) -> Reply:
    """The answer to a transaction of one operation that was cancelled for this reason."""
    reasons = {"Message": f"Transaction cancelled [{code}]", "CancellationReasons": [{"Code": code}]}
    return 400, json.dumps(json.loads(error("TransactionCanceledException")) | reasons).encode()


@pytest.mark.parametrize(
    "answered",
    [
        (400, error("ThrottlingException")),
        (400, error("RequestLimitExceeded")),
        (400, error("ProvisionedThroughputExceededException")),
        (400, error("TransactionInProgressException")),
        (500, error("InternalServerError")),
        (500, b""),
        (502, b"<html><body>Bad Gateway</body></html>"),
        (503, error("ServiceUnavailable")),
    ],
    ids=lambda answered: f"{answered[0]} {answered[1][:60]!r}",
)
def test_a_fault_that_may_pass_is_unavailable(
    database: DynamoDb, reply: list[Reply], calls: list[dict[str, Any]], answered: Reply
) -> None:
    reply.append(answered)
    with pytest.raises(Unavailable):
        database.get([KEY])
    assert 1 <= len(calls) <= DYNAMODB_CALL.attempts


def test_any_other_fault_is_a_crash(database: DynamoDb, reply: list[Reply]) -> None:
    reply.append((400, error("AccessDeniedException")))
    with pytest.raises(VerboseClientError):
        database.get([KEY])


def test_keys_that_a_batch_read_leaves_out_are_read_again(
    database: DynamoDb, reply: list[Reply], calls: list[dict[str, Any]]
) -> None:
    reply += [batch([KEY], [OTHER_KEY]), batch([OTHER_KEY], [])]
    assert set(database.get([KEY, OTHER_KEY])) == {KEY, OTHER_KEY}
    assert [len(call["RequestItems"]["a-table"]["Keys"]) for call in calls] == [2, 1]


def test_a_batch_read_that_leaves_keys_out_again_and_again_ends(
    database: DynamoDb, reply: list[Reply], calls: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    reply.append(batch([], [KEY]))
    with pytest.raises(Unavailable):
        database.get([KEY])
    assert len(calls) == MAX_CALL_ATTEMPTS
    assert len(set(waits)) == MAX_CALL_ATTEMPTS - 1, "random waits between the attempts"
    assert sum(waits) < 3


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_collides_again_and_again_ends(
    database: DynamoDb, reply: list[Reply], calls: list[dict[str, Any]], code: str
) -> None:
    reply.append(cancelled(code))
    with pytest.raises(Unavailable):
        database.write([PutItem(REQUESTS, encode_item(dict(KEY.attributes)))])
    assert len(calls) == MAX_CALL_ATTEMPTS


def test_no_call_begins_that_could_outlast_the_invocation(
    database: DynamoDb, reply: list[Reply], calls: list[dict[str, Any]]
) -> None:
    reply.append(batch([KEY], []))
    with INVOCATION.ending_in(DYNAMODB_CALL.longest_seconds * 1000), pytest.raises(Unavailable):
        database.get([KEY])
    assert not calls
    assert database.get([KEY]), "outside of an invocation there is no limit"
