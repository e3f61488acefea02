"""Requests of all practices that a sweep has work for, found through sparse indexes."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pynamodb.expressions.operand import Path

from bookings.domain.outbox.email import Email
from bookings.domain.requests.request import RequestKey, Status
from bookings.storage import schema
from bookings.storage.codec import decode, encode
from bookings.storage.dynamodb import ConditionFailed, DynamoDb, Operation, UpdateItem, at_most
from bookings.storage.items import MOVED_REQUESTS, OPEN_REQUESTS
from bookings.storage.schema import REQUESTS, KeySchema
from bookings.storage.transactions import put_email


class DynamoDueRequestStore:
    """The DueRequestStore over the Requests table. Each list has what is longest due first."""

    def __init__(self, database: DynamoDb) -> None:
        self._database = database

    def due_to_expire(self, now: datetime, limit: int) -> list[RequestKey]:
        """Pending requests whose start has passed."""
        return self._due(schema.REQUESTS_BY_EXPIRY, now, limit)

    def due_for_answer(self, now: datetime, limit: int) -> list[RequestKey]:
        """Pending requests past the practice's target time that are not marked as overdue."""
        return self._due(schema.REQUESTS_BY_ANSWER_DUE, now, limit)

    def due_for_pms_evidence(self, now: datetime, limit: int) -> list[RequestKey]:
        """Accepted requests whose appointment the PMS should have reported by now."""
        return self._due(schema.REQUESTS_BY_EVIDENCE_DUE, now, limit)

    def due_for_recheck(self, now: datetime, limit: int) -> list[RequestKey]:
        """Watched requests that must be checked again."""
        return self._due(schema.REQUESTS_BY_RECHECK_DUE, now, limit)

    def due_for_notice(self, now: datetime, limit: int) -> list[RequestKey]:
        """Accepted requests whose patients must be told of a move."""
        return self._due(schema.REQUESTS_BY_RECHECK_DUE, now, limit, MOVED_REQUESTS)

    def flag_overdue(self, keys: Sequence[RequestKey], email: Email | None) -> tuple[RequestKey, ...]:
        """Mark all the requests as overdue and add the e-mail about them to the outbox, or nothing.

        Returns the keys of those that are no longer pending and unmarked; none if everything was written. The revision
        stays, so that a decision under way is not held up.
        """
        overdue = Path("overdue")
        is_unmarked = (Path("status") == Status.PENDING.value) & (overdue == encode(value=False))
        mark = [overdue.set(encode(value=True)), Path(schema.REQUESTS_BY_ANSWER_DUE.sort).remove()]
        operations: list[Operation] = [UpdateItem(REQUESTS.key(*key), mark, is_unmarked) for key in keys]
        if email:
            operations.append(put_email(email))
        try:
            self._database.write(operations)
        except ConditionFailed as failure:
            return tuple(keys[index] for index in failure.standing if index < len(keys))
        return ()

    def _due(self, index: KeySchema, now: datetime, limit: int, partition: str = OPEN_REQUESTS) -> list[RequestKey]:
        items = self._database.query(index, partition, at_most(now.astimezone(UTC)), limit=limit)
        return [RequestKey(decode(item[REQUESTS.partition]), decode(item[REQUESTS.sort])) for item in items]
