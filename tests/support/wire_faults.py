"""Faults of DynamoDB as they arrive on the wire: error answers, answers of a proxy, lost connections, lost answers.

They strike below the SDK, so its retries and ours take part.
"""

import json
import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from threading import Lock
from typing import Any, cast

from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HTTPHeaders
from botocore.exceptions import BotoCoreError, ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError

Strike = Callable[[AWSPreparedRequest], AWSResponse]
"""Answers the request in DynamoDB's place, or raises what a lost connection raises."""


class _Body(BytesIO):
    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.read()


def _respond(request: AWSPreparedRequest, status: int, body: bytes) -> AWSResponse:
    headers = HTTPHeaders()
    headers["Content-Type"], headers["x-amz-crc32"] = "application/x-amz-json-1.0", str(zlib.crc32(body))
    return AWSResponse(request.url, status, headers, _Body(body))


def _body_of(request: AWSPreparedRequest) -> Any:
    return json.loads(cast("bytes", request.body))


def _answer(status: int, body: bytes) -> Strike:
    return lambda request: _respond(request, status, body)


def _error(status: int, code: str, **members: object) -> Strike:
    return _answer(status, json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", **members}).encode())


def _lose(error: type[BotoCoreError]) -> Strike:
    def strike(request: AWSPreparedRequest) -> AWSResponse:
        raise error(endpoint_url=request.url)

    return strike


def _cancel(code: str) -> Strike:
    """One operation of the transaction, the last, is the reason."""

    def strike(request: AWSPreparedRequest) -> AWSResponse:
        none: dict[str, str] = {"Code": "None"}
        reasons = [none] * (len(_body_of(request)["TransactItems"]) - 1) + [{"Code": code}]
        message = f"Transaction cancelled [{', '.join(one['Code'] for one in reasons)}]"
        error = _error(400, "TransactionCanceledException", Message=message, CancellationReasons=reasons)
        return error(request)

    return strike


def _leave_out(request: AWSPreparedRequest) -> AWSResponse:
    unprocessed = {"Responses": {}, "UnprocessedKeys": _body_of(request)["RequestItems"]}
    return _respond(request, 200, json.dumps(unprocessed).encode())


_ANY: Mapping[str, Strike] = {
    "throttled": _error(400, "ThrottlingException"),
    "over capacity": _error(400, "ProvisionedThroughputExceededException"),
    "over the account's limit": _error(400, "RequestLimitExceeded"),
    "internal error": _error(500, "InternalServerError"),
    "unavailable": _error(503, "ServiceUnavailable"),
    "empty 500": _answer(500, b""),
    "page of a proxy": _answer(502, b"<html>Bad Gateway</html>"),
    "not connected": _lose(ConnectTimeoutError),
    "connection closed": _lose(ConnectionClosedError),
    "not answered": _lose(ReadTimeoutError),
}
_PROCESSED: Mapping[str, Strike] = {
    "internal error after the call": _error(500, "InternalServerError"),
    "connection closed after the call": _lose(ConnectionClosedError),
    "not answered after the call": _lose(ReadTimeoutError),
}
"""DynamoDB carries the call out, and only its answer is lost."""

_OF_OPERATION: Mapping[str, Mapping[str, Strike]] = {
    "TransactWriteItems": {
        "transaction conflict": _cancel("TransactionConflict"),
        "transaction throttled": _cancel("ThrottlingError"),
        "transaction over capacity": _cancel("ProvisionedThroughputExceeded"),
        "transaction in progress": _error(400, "TransactionInProgressException"),
    },
    "BatchGetItem": {"keys left out": _leave_out},
}

KINDS = (*_ANY, *_PROCESSED, *(kind for kinds in _OF_OPERATION.values() for kind in kinds))
"""Every kind of fault."""


class WireFaults:
    """Makes calls of a botocore client fail at random while it is active. `struck` counts the faults by kind."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = Lock()
        self._random = random.Random()
        self._probability = 0.0
        self._kinds: tuple[str, ...] = ()
        self.struck: Counter[str] = Counter()
        client.meta.events.register("before-send.dynamodb", self._before_send)

    @contextmanager
    def active(self, probability: float, seed: str, *kinds: str) -> Iterator[None]:
        """Fail each attempt with this probability, in one of these ways that applies to its operation."""
        self._random, self._probability, self._kinds, self.struck = random.Random(seed), probability, kinds, Counter()
        try:
            yield
        finally:
            self._probability = 0.0

    def _before_send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        ways = {**_ANY, **_PROCESSED, **_OF_OPERATION.get(operation, {})}
        kinds = [kind for kind in self._kinds if kind in ways]
        with self._lock:
            if not kinds or self._random.random() >= self._probability:
                return None
            kind = self._random.choice(kinds)
            self.struck[kind] += 1
        if kind in _PROCESSED:
            self._client._endpoint.http_session.send(request)
        return ways[kind](request)
