"""DynamoDB calls: consistent batch reads, queries and transactions, through PynamoDB's connection.

PynamoDB's models would build an object for each item and attribute; without them a list of 25 requests costs a quarter
(docs/adr/0002). We use its client, its errors and its expressions.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.connection import Connection
from pynamodb.exceptions import CancellationReason, VerboseClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action, Update

from bookings.call_limits import DYNAMODB_CALL, INVOCATION
from bookings.domain.kernel.errors import Invalid, Unavailable
from bookings.storage.codec import Item, encode, encode_item
from bookings.storage.schema import Key, KeySchema, Table

MAX_CALL_ATTEMPTS = 10
"""Attempts of a transaction that collides with others, and of a batch read of which DynamoDB leaves keys out.

With the waits between them they take about two seconds.
"""

MAX_CONCURRENT_CALLS = 16
"""More calls at once would only wait for connections, and for the one processor of a function."""

MAX_KEYS_PER_BATCH = 100
"""DynamoDB's limit for one BatchGetItem."""

_MAX_CONNECTIONS = 25

_TRANSIENT_ERRORS = {
    "InternalServerError",
    "ServiceUnavailable",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "TransactionInProgressException",  # the SDK has waited for it
}
_COLLISIONS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}

_Result = TypeVar("_Result")

SortCondition = Callable[[Path], Condition]
"""What the sort key of the wanted items must satisfy."""


@dataclass(frozen=True)
class PutItem:
    """Write a whole item."""

    schema: KeySchema
    item: Item
    condition: Condition | None = None


@dataclass(frozen=True)
class UpdateItem:
    """Change attributes of an item; without a condition, the item need not exist."""

    key: Key
    actions: Sequence[Action]
    condition: Condition | None = None


Operation = PutItem | UpdateItem


class ConditionFailed(Exception):
    """Nothing was written. `standing` has the stored items whose conditions failed, by index of the operation."""

    def __init__(self, standing: Mapping[int, Item]) -> None:
        super().__init__("a condition failed")
        self.standing = standing


class LimitExceeded(Exception):
    """Nothing was written, and a retry never will be: an item, a key or the transaction is larger than allowed.

    `index` is the operation, if DynamoDB says which one. `refusal` is the answer to the caller.
    """

    def __init__(self, index: int | None) -> None:
        super().__init__("an item or a key is too large")
        self.index = index
        self.refusal = Invalid.field("id", "belongs to more data than can be kept in one piece (400 KB); send less")


def equal_to(value: str) -> SortCondition:
    """Items whose sort key is the value."""
    return lambda sort: sort == value


def at_most(value: str | datetime) -> SortCondition:
    """Items whose sort key is the value or less."""
    return lambda sort: sort <= encode(value)


def above(value: str | datetime) -> SortCondition:
    """Items whose sort key is greater than the value."""
    return lambda sort: sort > encode(value)


def between(first: str, last: str) -> SortCondition:
    """Items whose sort key lies between the two, both included."""
    return lambda sort: sort.between(first, last)


class DynamoDb:
    """The tables of this deployment."""

    def __init__(self, connection: Connection, tables: Mapping[Table, str]) -> None:
        self._connection = connection
        self._tables = tables

    def get(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Those of the items that exist, read consistently; one round trip, however many keys.

        Raises Unavailable if DynamoDB leaves out keys too often, as it does under throttling.
        """
        chunks = [keys[start : start + MAX_KEYS_PER_BATCH] for start in range(0, len(keys), MAX_KEYS_PER_BATCH)]
        pages = self.run_concurrently(*(partial(self._get_batch, chunk) for chunk in chunks))
        return {key: item for page in pages for key, item in page.items()}

    def _get_batch(self, keys: Sequence[Key]) -> dict[Key, Item]:
        wanted: dict[str, Any] = {}
        for key in keys:
            table = wanted.setdefault(self._tables[key.table], {"ConsistentRead": True, "Keys": []})
            table["Keys"].append(encode_item(dict(key.attributes)))
        found: dict[str, list[Item]] = {}
        for _ in _attempts():
            answer = self._call("BatchGetItem", {"RequestItems": wanted})
            for name, items in answer["Responses"].items():
                found.setdefault(name, []).extend(items)
            wanted = answer.get("UnprocessedKeys") or {}
            if not wanted:
                break
        by_key = {(key.table, *(str(encode(value)) for _, value in key.attributes)): key for key in dict.fromkeys(keys)}
        names = {key.table: tuple(name for name, _ in key.attributes) for key in keys}
        return {
            by_key[table, *(str(item[name]) for name in names[table])]: item
            for table in names
            for item in found.get(self._tables[table], ())
        }

    def query(
        self,
        schema: KeySchema,
        partition: str,
        sort: SortCondition | None = None,
        *,
        limit: int | None = None,
        newest_first: bool = False,
        consistent: bool = False,
    ) -> list[Item]:
        """The items of a partition in the order of the sort key; all of them, or the first `limit`."""
        condition: Condition = Path(schema.partition) == partition
        if sort is not None:
            condition &= sort(Path(schema.sort))
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        call: dict[str, Any] = {
            "TableName": self._tables[schema.table],
            "KeyConditionExpression": condition.serialize(names, values),
            "ScanIndexForward": not newest_first,
            "ConsistentRead": consistent,
        }
        call |= _placeholders(names, values)
        call |= {"IndexName": schema.index} if schema.index else {}
        call |= {"Limit": limit} if limit else {}
        items: list[Item] = []
        while True:
            answer = self._call("Query", dict(call))
            items += answer["Items"]
            if "LastEvaluatedKey" not in answer or (limit and len(items) >= limit):
                return items[:limit]
            call["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, operations: Sequence[Operation]) -> None:
        """Write all of the operations or none, in one round trip.

        Raises ConditionFailed, LimitExceeded, or Unavailable after too many collisions. PynamoDB does not retry a
        transaction that collides with another (TransactionConflict), so this does.
        """
        calls = [self._transactional(operation) for operation in operations]
        for _ in _attempts():
            try:
                self._call("TransactWriteItems", {"TransactItems": calls})
            except VerboseClientError as error:
                if refusal := _refusal(error):
                    raise refusal from error
                if not _is_collision(error):
                    raise
            else:
                return

    def try_write(self, *operations: Operation) -> bool:
        """Write all of the operations, or none and return False where a condition failed."""
        try:
            self.write(operations)
        except ConditionFailed:
            return False
        return True

    def run_concurrently(self, *calls: Callable[[], _Result]) -> list[_Result]:
        """The results of independent calls, in their order; they take as long as the longest."""
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
            call |= {"TableName": self._tables[operation.schema.table], "Item": operation.item}
            return {"Put": call | _placeholders(names, values)}
        call |= {
            "TableName": self._tables[operation.key.table],
            "Key": encode_item(dict(operation.key.attributes)),
            "UpdateExpression": Update(*operation.actions).serialize(names, values),
        }
        return {"Update": call | _placeholders(names, values)}

    def _call(self, operation: str, arguments: dict[str, Any]) -> Any:
        INVOCATION.check_time_for(DYNAMODB_CALL)
        try:
            return self._connection.dispatch(operation, arguments)
        except BotoCoreError as error:
            raise Unavailable from error
        except VerboseClientError as error:
            if _is_transient(error):
                raise Unavailable from error
            raise


def connect(tables: Mapping[Table, str]) -> DynamoDb:
    """A connection to these tables. Its client is built now, so that no caller waits for it."""
    connection = Connection(
        connect_timeout_seconds=DYNAMODB_CALL.connect_seconds,
        read_timeout_seconds=DYNAMODB_CALL.read_seconds,
        retry_configuration=DYNAMODB_CALL.retries,
        max_pool_connections=_MAX_CONNECTIONS,
    )
    _ = connection.client
    return DynamoDb(connection, tables)


def not_exists(schema: KeySchema) -> Condition:
    """That there is no item under the key."""
    return Path(schema.unique).does_not_exist()


def _attempts() -> Iterator[int]:
    """The attempts of one call, with growing random waits between them. After the last one it raises Unavailable."""
    for attempt in range(MAX_CALL_ATTEMPTS):
        if attempt:
            time.sleep(random.uniform(0, min(0.4, 0.01 * 2**attempt)))  # noqa: S311  # jitter is no secret
        yield attempt
    raise Unavailable


def _placeholders(names: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    call: dict[str, Any] = {}
    if names:
        call["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in names.items()}
    if values:
        call["ExpressionAttributeValues"] = dict(values)
    return call


def _refusal(error: VerboseClientError) -> ConditionFailed | LimitExceeded | None:
    """Why a retry of the transaction would fail too, if it would."""
    reasons: Sequence[CancellationReason | None] = error.cancellation_reasons
    failed = {
        index: reason.raw_item or {}
        for index, reason in enumerate(reasons)
        if reason and reason.code == "ConditionalCheckFailed"
    }
    if failed:
        return ConditionFailed(failed)
    if _says_too_large(error.response["Error"]["Message"]):
        return LimitExceeded(None)
    too_large = [index for index, one in enumerate(reasons) if one and one.message and _says_too_large(one.message)]
    return LimitExceeded(too_large[0]) if too_large else None


def _says_too_large(message: str) -> bool:
    """Whether DynamoDB refuses an item, a key or a transaction for its size; it has no error code for that."""
    return "exceed" in message and "size" in message


def _is_transient(error: VerboseClientError) -> bool:
    """Whether a retry may succeed. Any 5xx is transient, also one without an error code, such as a page of a proxy.

    PynamoDB keeps the status only in the error of botocore that it wraps.
    """
    cause = error.__cause__
    status = cause.response["ResponseMetadata"]["HTTPStatusCode"] if isinstance(cause, ClientError) else 0
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.response["Error"]["Code"] in _TRANSIENT_ERRORS


def _is_collision(error: VerboseClientError) -> bool:
    return any(reason.code in _COLLISIONS for reason in error.cancellation_reasons if reason)
