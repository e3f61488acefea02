"""The outbox: e-mails and how far each has come."""

from datetime import datetime

from pynamodb.expressions.operand import Path

from bookings.domain.change_set import ChangeSet
from bookings.domain.outbox.email import Email
from bookings.storage.codec import Item, decode, encode
from bookings.storage.dynamodb import DynamoDb, PutItem, at_most
from bookings.storage.items import OPEN_EMAILS, OPEN_STAFF_EMAILS, email_item, to_email
from bookings.storage.schema import OUTBOX, OUTBOX_BY_DUE
from bookings.storage.transactions import commit_with


class DynamoEmailRepository:
    """The EmailRepository over the Outbox table."""

    def __init__(self, database: DynamoDb) -> None:
        self._database = database

    def get(self, outbox_id: str) -> Email | None:
        """The e-mail of that id."""
        key = OUTBOX.key(outbox_id)
        item = self._database.get([key]).get(key)
        return to_email(item) if item else None

    def advance(self, before: Email, after: Email, change: ChangeSet | None = None) -> bool:
        """Write the next state; False if the e-mail is no longer in the state that was read.

        `change` has what it changes on the request, in the same transaction, so the front desk never sees an older
        state than the outbox has. Raises StaleSnapshot if the request was changed after it was read.
        """
        unchanged = (Path("status") == before.status.value) & (Path("attempt_id") == encode(before.attempt_id))
        email = PutItem(OUTBOX, email_item(after), unchanged)
        if change is None:
            return self._database.try_write(email)
        return commit_with(self._database, email, change)

    def due(self, now: datetime, limit: int) -> list[str]:
        """The ids of e-mails that a sweep must look at: those to patients first, and of each kind the longest due."""
        items: list[Item] = []
        for partition in (OPEN_EMAILS, OPEN_STAFF_EMAILS):
            if len(items) < limit:
                items += self._database.query(OUTBOX_BY_DUE, partition, at_most(now), limit=limit - len(items))
        return [decode(item[OUTBOX.partition]) for item in items]
