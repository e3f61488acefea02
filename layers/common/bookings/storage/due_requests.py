"""Requests of all practices that wait for something, by when it is due: sparse indexes, with no history in the way."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pynamodb.expressions.operand import Path

from bookings.domain.outbox.email import Email
from bookings.domain.outbox.overdue_email import RequestKey
from bookings.domain.requests.request import Status
from bookings.settings import Table, settings
from bookings.storage.codec import decode, encode
from bookings.storage.dynamodb import ConditionFailed, Database, Operation, PutItem, UpdateItem, connect
from bookings.storage.email_repository import email_item
from bookings.storage.items import OPEN_REQUESTS, request_key


class DynamoDueRequestStore:
    """The Requests table as the sweeps see it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due_to_expire(self, now: datetime, limit: int) -> list[RequestKey]:
        """Pending requests whose start has passed, longest ago first."""
        return self._due("by_begin", "begins_at", now, limit)

    def due_for_answer(self, now: datetime, limit: int) -> list[RequestKey]:
        """Pending requests whose practice's target time is over and whose front desk has not been told."""
        return self._due("by_answer", "answer_due", now, limit)

    def due_for_pms_evidence(self, now: datetime, limit: int) -> list[RequestKey]:
        """Accepted requests of whose appointment the PMS should have spoken by now, longest ago first."""
        return self._due("by_evidence", "evidence_due", now, limit)

    def due_for_recheck(self, now: datetime, limit: int) -> list[RequestKey]:
        """Watched requests that are due for a second look, longest due first."""
        return self._due("by_look", "look_due", now, limit)

    def flag(self, names: Sequence[RequestKey], email: Email | None) -> tuple[RequestKey, ...]:
        """Mark the requests as overdue and put the letter about them into the outbox, all or nothing.

        The names of those that are not pending and unflagged any more; none, if everything was written. The revision
        stays: whoever is deciding about a request at this moment is not held up.
        """
        waits = (Path("status") == Status.PENDING.value) & (Path("overdue") == encode(False))  # noqa: FBT003
        operations: list[Operation] = [
            UpdateItem(request_key(*name), [Path("overdue").set(encode(True)), Path("answer_due").remove()], waits)  # noqa: FBT003
            for name in names
        ]
        if email:
            operations.append(PutItem(Table.OUTBOX, email_item(email), Path("outbox_id").does_not_exist()))
        try:
            self._database.write(operations)
        except ConditionFailed as failure:
            return tuple(names[index] for index in failure.standing if index < len(names))
        return ()

    def _due(self, index: str, name: str, now: datetime, limit: int) -> list[RequestKey]:
        overdue = (Path("queue") == OPEN_REQUESTS) & (Path(name) <= encode(now.astimezone(UTC)))
        items = self._database.query(Table.REQUESTS, overdue, index=index, limit=limit)
        return [RequestKey(decode(item["practice_id"]), decode(item["request_id"])) for item in items]


def open_waiting() -> DynamoDueRequestStore:
    """The waiting requests of this process."""
    return DynamoDueRequestStore(connect(settings().tables))
