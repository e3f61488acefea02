"""How far somebody who looks at every practice in turn has come: a row of its own, in a partition that none has."""

from pynamodb.expressions.operand import Path

from bookings.settings import Table
from bookings.storage.codec import decode, encode_item
from bookings.storage.dynamodb import Database, PutItem

_PARTITION = "audit"
_ROW = "position"


def read_cursor(database: Database, table: Table, sort_name: str) -> str:
    """The practice whose turn was last; empty before the first."""
    where = (Path("practice_id") == _PARTITION) & (Path(sort_name) == _ROW)
    items = database.query(table, where, consistent=True)
    return str(decode(items[0]["last"])) if items else ""


def move_cursor(database: Database, table: Table, sort_name: str, practice_id: str) -> None:
    """Remember the practice whose turn was last."""
    item = encode_item({"practice_id": _PARTITION, sort_name: _ROW, "last": practice_id})
    database.write([PutItem(table, item)])
