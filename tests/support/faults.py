"""A process that fails at one chosen call of DynamoDB: before the call gets there, or after it, unheard."""

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
    """The process ends here and now; no `except Exception` hears of it."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong at which call, counted from 0: the process dies, or it lives and loses the connection."""

    call: int
    moment: Moment
    dies: bool = True

    def strike(self) -> None:
        """Raises what the caller of DynamoDB meets."""
        if self.dies:
            raise Killed
        if self.moment == "before":
            raise EndpointConnectionError(endpoint_url="dynamodb")
        raise ReadTimeoutError(endpoint_url="dynamodb")


def faults(calls: int, *, dies: bool = True) -> list[Fault]:
    """Every fault that an operation of that many calls can meet."""
    moments: tuple[Moment, ...] = ("before", "after")
    return [Fault(call, moment, dies) for call in range(calls) for moment in moments]


class FailingConnection:
    """A connection to DynamoDB that fails when it is told to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = Lock()
        self._fault: Fault | None = None
        self.calls = 0
        self.has_failed = False

    @contextmanager
    def failing(self, fault: Fault | None = None) -> Iterator[None]:
        """Within this, calls are counted anew and the fault, if there is one, strikes once."""
        self._fault, self.calls, self.has_failed = fault, 0, False
        try:
            yield
        finally:
            self._fault = None

    def dispatch(self, operation: str, arguments: dict[str, Any]) -> Any:
        """What PynamoDB's connection answers, unless the fault is due."""
        with self._lock:
            due = self._fault if self._fault and self._fault.call == self.calls else None
            self.calls += 1
            self.has_failed = self.has_failed or due is not None
        if due and due.moment == "before":
            due.strike()
        try:
            return self._connection.dispatch(operation, arguments)
        finally:
            if due:
                due.strike()  # in the place of an answer and of a refusal alike: neither is heard


def failing(database: DynamoDb) -> tuple[DynamoDb, FailingConnection]:
    """The same tables over a connection that can fail."""
    connection = FailingConnection(database._connection)
    return DynamoDb(cast("Connection", connection), database._tables), connection
