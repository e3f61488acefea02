"""Makes a process fail at a chosen call of DynamoDB: before the call, or after it with the answer lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal, cast

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from pynamodb.connection import Connection

from bookings.storage.dynamodb import DynamoDb

Moment = Literal["before", "after"]


class Killed(BaseException):
    """The process is killed here. No `except Exception` may catch it."""


@dataclass(frozen=True)
class Fault:
    """What fails at which call, counted from 0: the process is killed, or it only loses the connection."""

    call: int
    moment: Moment
    kills: bool = True

    def raise_error(self) -> None:
        """Raise what the caller of DynamoDB gets."""
        if self.kills:
            raise Killed
        if self.moment == "before":
            raise EndpointConnectionError(endpoint_url="dynamodb")
        raise ReadTimeoutError(endpoint_url="dynamodb")


def all_faults(calls: int, *, kills: bool = True) -> list[Fault]:
    """Every fault of an operation that makes so many calls."""
    moments: tuple[Moment, ...] = ("before", "after")
    return [Fault(call, moment, kills) for call in range(calls) for moment in moments]


class FailingConnection:
    """A connection to DynamoDB that fails at the call that a test chooses."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = Lock()
        self._fault: Fault | None = None
        self.calls = 0
        self.has_failed = False

    @contextmanager
    def failing(self, fault: Fault | None = None) -> Iterator[None]:
        """Count calls from 0, and fail once if there is a fault."""
        self._fault, self.calls, self.has_failed = fault, 0, False
        try:
            yield
        finally:
            self._fault = None

    def dispatch(self, operation: str, arguments: dict[str, Any]) -> Any:
        """The connection's answer, unless the fault is due."""
        with self._lock:
            due = self._fault if self._fault and self._fault.call == self.calls else None
            self.calls += 1
            self.has_failed = self.has_failed or due is not None
        if due and due.moment == "before":
            due.raise_error()
        try:
            return self._connection.dispatch(operation, arguments)
        finally:
            if due:
                due.raise_error()  # instead of the answer or the error: both are lost


def with_failing_connection(database: DynamoDb) -> tuple[DynamoDb, FailingConnection]:
    """The same tables over a connection that can fail."""
    connection = FailingConnection(database._connection)
    return DynamoDb(cast("Connection", connection), database._tables), connection
