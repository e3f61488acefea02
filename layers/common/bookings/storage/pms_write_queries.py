"""PMS writes: those that wait, those that are lost, and those that are overdue, each found without looking at the rest.

The index `by_due` holds, under the practice, the writes that wait, by when they are due; and under the practice with
`#lost` those creates whose fate is open or bad, by when their appointment begins. `by_give_up` holds all that wait.
"""

from datetime import datetime
from functools import partial

from pynamodb.expressions.operand import Path

from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus
from bookings.settings import Table
from bookings.storage.codec import Item, decode_item, encode, encode_entity, encode_item
from bookings.storage.dynamodb import Database, Key

_OPEN = "open"
"""The partition of `by_give_up`: half an hour's worth of writes, not history."""

_FAILURES = (WriteStatus.FAILED, WriteStatus.TIMED_OUT)

MAX_WRITES = 100


def write_key(practice_id: str, write_id: str) -> Key:
    """Where a PMS write lies."""
    return Key.of(Table.PMS_WRITES, practice_id=practice_id, write_id=write_id)


def write_item(write: PmsWrite) -> Item:
    """The write with the keys of its indexes; a settled one has none."""
    item = encode_entity(write) | encode_item({"write_id": write.id})
    if write.status is WriteStatus.QUEUED:
        return item | encode_item({"queue": write.practice_id, "queue_key": write.due_at, "open": _OPEN})
    if write.kind == "create" and (write.may_have_been_carried_out or write.status in _FAILURES):
        return item | encode_item({"queue": _lost(write.practice_id), "queue_key": write.begins_at})
    return item


def read_write(item: Item) -> PmsWrite:
    """The write in this item."""
    return PmsWrite.model_validate(decode_item(item))


def due_writes(database: Database, practice_id: str, now: datetime) -> list[PmsWrite]:
    """The practice's writes that can be handed out, longest due first."""
    is_due = (Path("queue") == practice_id) & (Path("queue_key") <= encode(now))
    items = database.query(Table.PMS_WRITES, is_due, index="by_due", limit=MAX_WRITES)
    return [write for write in map(read_write, items) if write.is_due(now)]


def unconfirmed_creates(database: Database, practice_id: str, now: datetime) -> list[PmsWrite]:
    """The practice's creates that the PMS has not confirmed."""
    waiting = Path("queue") == practice_id
    lost = (Path("queue") == _lost(practice_id)) & (Path("queue_key") > encode(now))
    pages = database.run_concurrently(
        *(partial(database.query, Table.PMS_WRITES, keys, index="by_due", limit=MAX_WRITES) for keys in (waiting, lost))
    )
    return [write for page in pages for item in page if (write := read_write(item)).kind == "create"]


def expired_writes(database: Database, now: datetime, limit: int) -> list[PmsWrite]:
    """Writes of all practices that are to be given up, longest overdue first."""
    has_timed_out = (Path("open") == _OPEN) & (Path("give_up_at") <= encode(now))
    items = database.query(Table.PMS_WRITES, has_timed_out, index="by_give_up", limit=limit)
    return [read_write(item) for item in items]


def _lost(practice_id: str) -> str:
    return f"{practice_id}#lost"
