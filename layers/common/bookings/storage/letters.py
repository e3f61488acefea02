"""The outbox: letters on their way, and the queue that the sweep looks through."""

from datetime import datetime

from pynamodb.expressions.operand import Path

from bookings.domain.outbox import Letter, LetterStatus
from bookings.domain.request import MailStatus
from bookings.settings import Table
from bookings.storage.codec import Item, decode, decode_item, encode, encode_entity, encode_item
from bookings.storage.database import ConditionFailed, Database, Key, PutItem, UpdateItem
from bookings.storage.items import request_key

_QUEUE = "open"
"""The partition of the sparse index `by_due`. Only letters on their way are in it: minutes' worth, not history."""


def letter_item(letter: Letter) -> Item:
    """The letter; one that is settled, or waits for SES's word alone, has no place in the queue."""
    item = encode_entity(letter)
    if letter.status in (LetterStatus.PENDING, LetterStatus.SENDING):
        return item | encode_item({"queue": _QUEUE})
    return item


class Letters:
    """The Outbox table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, outbox_id: str) -> Letter | None:
        """The letter of that id."""
        key = Key.of(Table.OUTBOX, outbox_id=outbox_id)
        item = self._database.get([key]).get(key)
        return Letter.model_validate(decode_item(item)) if item else None

    def advance(self, before: Letter, after: Letter) -> bool:
        """Write the letter's next state if it is still as it was read; False if somebody else has it in hand."""
        unchanged = (Path("status") == before.status.value) & (
            Path("attempt_id") == {"NULL": True}
            if before.attempt_id is None
            else Path("attempt_id") == before.attempt_id
        )
        try:
            self._database.write([PutItem(Table.OUTBOX, letter_item(after), unchanged)])
        except ConditionFailed:
            return False
        return True

    def due(self, now: datetime, limit: int) -> list[str]:
        """The ids of letters that should have moved by now, longest overdue first."""
        overdue = (Path("queue") == _QUEUE) & (Path("due_at") <= encode(now))
        items = self._database.query(Table.OUTBOX, overdue, index="by_due", limit=limit)
        return [decode(item["outbox_id"]) for item in items]

    def tell_request(self, letter: Letter, status: MailStatus) -> None:
        """Show the front desk what became of the letter, unless a newer decision stands."""
        key = request_key(letter.practice_id, letter.request_id)
        current = Path("outbox_id") == letter.outbox_id
        try:
            self._database.write([UpdateItem(key, [Path("mail").set(status)], current)])
        except ConditionFailed:
            return
