"""Reads and writes as DynamoDB offers them, through PynamoDB's connection.

PynamoDB's models would build an object per item and attribute; a list of 25 requests costs a quarter this way
(DESIGN §11). What is left of PynamoDB is what it does well: its client, its errors and its expressions.
"""

import gc
import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeVar

from botocore.exceptions import BotoCoreError
from pynamodb.connection import Connection
from pynamodb.exceptions import CancellationReason, VerboseClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action, Update

from bookings.domain.kernel.errors import Unavailable
from bookings.settings import Table
from bookings.storage.codec import Item, encode, encode_item

MAX_TRANSACTION_ATTEMPTS = 10
"""How often a transaction that met another one is tried; with the waits below that is about two seconds."""

MAX_CONCURRENT_CALLS = 16
"""Calls made at once; more would wait for each other's connections, and for the one processor that a function has."""

_Result = TypeVar("_Result")


class Key(NamedTuple):
    """The primary key of one item: its table and its key attributes, in order."""

    table: Table
    attributes: tuple[tuple[str, str | int], ...]

    @classmethod
    def of(cls, table: Table, **attributes: str | int) -> "Key":
        """The key with these attributes."""
        return cls(table, tuple(attributes.items()))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the key attributes."""
        return tuple(name for name, _ in self.attributes)

    @property
    def encoded(self) -> tuple[str, ...]:
        """Their values as they come back in an item, to find the key's item among others."""
        return tuple(str(encode(value)) for _, value in self.attributes)


@dataclass(frozen=True)
class PutItem:
    """Write a whole item."""

    table: Table
    item: Item
    condition: Condition | None = None


@dataclass(frozen=True)
class UpdateItem:
    """Change attributes of an item, or begin one."""

    key: Key
    actions: Sequence[Action]
    condition: Condition | None = None


Operation = PutItem | UpdateItem


class ConditionFailed(Exception):
    """Nothing was written; `standing` are the items that stood in the way, by the index of their operation."""

    def __init__(self, standing: Mapping[int, Item]) -> None:
        super().__init__("a condition failed")
        self.standing = standing


class Database:
    """DynamoDB with our table names."""

    def __init__(self, connection: Connection, tables: Mapping[Table, str]) -> None:
        self._connection = connection
        self._tables = tables

    def get(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Those of the items that exist, read consistently: one round trip for up to 100 of them."""
        chunks = [list(keys[start : start + 100]) for start in range(0, len(keys), 100)]
        pages = self.run_concurrently(*(partial(self._get_page, chunk) for chunk in chunks))
        return {key: item for page in pages for key, item in page.items()}

    def _get_page(self, keys: Sequence[Key]) -> dict[Key, Item]:
        wanted: dict[str, Any] = {}
        for key in keys:
            table = wanted.setdefault(self._tables[key.table], {"ConsistentRead": True, "Keys": []})
            table["Keys"].append(encode_item(dict(key.attributes)))
        found: dict[str, list[Item]] = {}
        while wanted:
            answer = self._call("BatchGetItem", {"RequestItems": wanted})
            for name, items in answer["Responses"].items():
                found.setdefault(name, []).extend(items)
            wanted = answer.get("UnprocessedKeys") or {}
        placed = {
            (table, tuple(str(item[name]) for name in names)): item
            for table, names in {(self._tables[key.table], key.names) for key in keys}
            for item in found.get(table, ())
        }
        places = {key: (self._tables[key.table], key.encoded) for key in keys}
        return {key: placed[place] for key, place in places.items() if place in placed}

    def query(
        self,
        table: Table,
        keys: Condition,
        *,
        index: str | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        consistent: bool = False,
    ) -> list[Item]:
        """The items under these keys in the order of the sort key; all of them, or the first `limit`."""
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        call: dict[str, Any] = {
            "TableName": self._tables[table],
            "KeyConditionExpression": keys.serialize(names, values),
            "ScanIndexForward": not newest_first,
            "ConsistentRead": consistent,
        }
        call |= _placeholders(names, values)
        call |= {"IndexName": index} if index else {}
        call |= {"Limit": limit} if limit else {}
        items: list[Item] = []
        while True:
            answer = self._call("Query", dict(call))
            items += answer["Items"]
            if "LastEvaluatedKey" not in answer or (limit and len(items) >= limit):
                return items[:limit]
            call["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, operations: Sequence[Operation]) -> None:
        """All of them or none, in one round trip. Raises ConditionFailed, or Unavailable after too many collisions.

        A transaction that meets another is tried again here: PynamoDB does not, and to a person "somebody else was
        writing at the same instant" is no answer.
        """
        calls = [self._transactional(operation) for operation in operations]
        for attempt in range(MAX_TRANSACTION_ATTEMPTS):
            try:
                self._call("TransactWriteItems", {"TransactItems": calls})
                return
            except VerboseClientError as error:
                reasons: Sequence[CancellationReason | None] = error.cancellation_reasons
                failed = {
                    index: reason.raw_item or {}
                    for index, reason in enumerate(reasons)
                    if reason and reason.code == "ConditionalCheckFailed"
                }
                if failed:
                    raise ConditionFailed(failed) from None
                if not _is_collision(error):
                    raise
            time.sleep(random.uniform(0, min(0.4, 0.02 * 2**attempt)))  # noqa: S311  # jitter is no secret
        raise Unavailable

    def run_concurrently(self, *calls: Callable[[], _Result]) -> list[_Result]:
        """The results of independent calls, made side by side: to the caller they cost one round trip."""
        if len(calls) < 2:
            return [call() for call in calls]
        with ThreadPoolExecutor(max_workers=min(len(calls), MAX_CONCURRENT_CALLS)) as pool:
            return list(pool.map(lambda call: call(), calls))

    def _transactional(self, operation: Operation) -> dict[str, Any]:
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        call: dict[str, Any] = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        if operation.condition is not None:
            call["ConditionExpression"] = operation.condition.serialize(names, values)
        if isinstance(operation, PutItem):
            call |= {"TableName": self._tables[operation.table], "Item": operation.item}
            return {"Put": call | _placeholders(names, values)}
        call |= {
            "TableName": self._tables[operation.key.table],
            "Key": encode_item(dict(operation.key.attributes)),
            "UpdateExpression": Update(*operation.actions).serialize(names, values),
        }
        return {"Update": call | _placeholders(names, values)}

    def _call(self, operation: str, arguments: dict[str, Any]) -> Any:
        try:
            return self._connection.dispatch(operation, arguments)
        except BotoCoreError as error:
            raise Unavailable from error
        except VerboseClientError as error:
            if error.response["Error"]["Code"] in _TRANSIENT:
                raise Unavailable from error
            raise


def connect(tables: Mapping[Table, str]) -> Database:
    """The database of this process. The client is built here, at cold start, and not under the first caller's wait."""
    connection = Connection(connect_timeout_seconds=2, read_timeout_seconds=5, max_pool_connections=25)
    _ = connection.client
    if not gc.isenabled():  # this was the last of a cold start, see bookings/__init__.py
        gc.freeze()
        gc.enable()
    return Database(connection, tables)


def _placeholders(names: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    call: dict[str, Any] = {}
    if names:
        call["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in names.items()}
    if values:
        call["ExpressionAttributeValues"] = dict(values)
    return call


_TRANSIENT = {
    "InternalServerError",
    "ServiceUnavailable",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
}
_COLLISIONS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


def _is_collision(error: VerboseClientError) -> bool:
    codes = {reason.code for reason in error.cancellation_reasons if reason}
    return bool(codes & _COLLISIONS) or error.response["Error"]["Code"] == "TransactionInProgressException"
