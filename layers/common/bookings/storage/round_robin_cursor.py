"""The cursor of a round-robin audit: the practice that was visited last, in a partition that no practice has."""

from bookings.storage.codec import decode, encode_item
from bookings.storage.dynamodb import DynamoDb, PutItem, equal_to
from bookings.storage.practice_repository import next_practices
from bookings.storage.schema import KeySchema

_PARTITION = "audit"
_ROW = "position"


class DynamoRoundRobin:
    """The RoundRobin of an audit, kept beside what it audits."""

    def __init__(self, database: DynamoDb, keys: KeySchema) -> None:
        self._database = database
        self._keys = keys

    def next_practices(self, practice_id: str, limit: int) -> list[str]:
        """The ids that follow this one in the directory of all practices."""
        return [found for found, _ in next_practices(self._database, practice_id, limit)]

    def cursor(self) -> str:
        """The practice that was visited last; empty before the first."""
        items = self._database.query(self._keys, _PARTITION, equal_to(_ROW), consistent=True)
        return str(decode(items[0]["last"])) if items else ""

    def move_cursor(self, practice_id: str) -> None:
        """Remember the practice that was visited last."""
        item = encode_item({**dict(self._keys.key(_PARTITION, _ROW).attributes), "last": practice_id})
        self._database.write([PutItem(self._keys, item)])
