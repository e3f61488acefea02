"""The outbox: letters on their way, and the queue that the sweep looks through."""

from datetime import datetime

from pynamodb.expressions.operand import Path

from bookings.domain.outbox.email import Email
from bookings.settings import Table
from bookings.storage.codec import Item, decode, decode_item, encode, encode_entity, encode_item
from bookings.storage.dynamodb import ConditionFailed, Database, Key, PutItem, UpdateItem
from bookings.storage.items import request_key

_QUEUE = "open"
"""The partition of the sparse index `by_due`: letters on their way or of unknown fate, an hour's worth, not history."""


def email_item(email: Email) -> Item:
    """The letter; one for which no sweep has anything to do has no place in the queue."""
    item = encode_entity(email)
    if email.is_open:
        return item | encode_item({"queue": _QUEUE})
    return item


class DynamoEmailRepository:
    """The Outbox table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, outbox_id: str) -> Email | None:
        """The letter of that id."""
        key = Key.of(Table.OUTBOX, outbox_id=outbox_id)
        item = self._database.get([key]).get(key)
        return Email.model_validate(decode_item(item)) if item else None

    def advance(self, before: Email, after: Email) -> bool:
        """Write the letter's next state if it is still as it was read; False if somebody else has it in hand.

        The request shows the news in the same transaction, so that the front desk never sees an older state than the
        outbox; unless a newer decision stands, whose own letter is the one to show.
        """
        unchanged = (Path("status") == before.status.value) & (Path("attempt_id") == encode(before.attempt_id))
        email = PutItem(Table.OUTBOX, email_item(after), unchanged)
        if after.mail_status is None or after.request_id is None:
            return self._written(email)
        request = UpdateItem(
            request_key(after.practice_id, after.request_id),
            [Path("mail").set(after.mail_status)],
            Path("outbox_id") == after.outbox_id,
        )
        try:
            self._database.write([email, request])
        except ConditionFailed as failure:
            return 0 not in failure.standing and self._written(email)
        return True

    def _written(self, email: PutItem) -> bool:
        try:
            self._database.write([email])
        except ConditionFailed:
            return False
        return True

    def due(self, now: datetime, limit: int) -> list[str]:
        """The ids of letters that should have moved by now, longest overdue first."""
        overdue = (Path("queue") == _QUEUE) & (Path("due_at") <= encode(now))
        items = self._database.query(Table.OUTBOX, overdue, index="by_due", limit=limit)
        return [decode(item["outbox_id"]) for item in items]
