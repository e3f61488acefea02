"""Day sheets beside the appointments that they say the times of, for the audit."""

from datetime import date

from pynamodb.expressions.operand import Path

from bookings.domain.scheduling.day_sheet import DaySheet
from bookings.domain.scheduling.day_sheet_audit import SheetDifference
from bookings.domain.scheduling.slot import Slot
from bookings.settings import Settings, Table, settings
from bookings.storage import round_robin_cursor as turns
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.codec import decode, encode_entity
from bookings.storage.dynamodb import ConditionFailed, Database, UpdateItem, connect
from bookings.storage.items import busy_attribute, read_sheet, read_sheet_key, sheet_key
from bookings.storage.practice_repository import practices_after
from bookings.storage.transactions import is_unchanged


class DynamoDaySheetAuditStore(DynamoBookingStore):
    """Bookings, as the audit of day sheets looks at them."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._diary = database

    def practices_after(self, practice_id: str, limit: int) -> list[str]:
        """The ids that follow in the directory of all practices."""
        return [name for name, _ in practices_after(self._diary, practice_id, limit)]

    def occupied(self, practice_id: str, first_day: date, last_day: date) -> dict[str, Slot]:
        """The times that appointments beginning on these days keep busy, by id; an index may be a moment behind."""
        within = Path("occupied_from").between(first_day.isoformat(), f"{last_day.isoformat()}~")
        wanted = (Path("practice_id") == practice_id) & within
        items = self._diary.query(Table.APPOINTMENTS, wanted, index="by_day")
        return {decode(item["appointment_id"]): Slot.model_validate(decode(item["slot"])) for item in items}

    def written_sheets(self, practice_id: str, first_day: date, last_day: date) -> list[DaySheet]:
        """The sheets of these days that somebody has written on."""
        within = Path("sheet_id").between(first_day.isoformat(), f"{last_day.isoformat()}~")
        items = self._diary.query(Table.DAY_SHEETS, (Path("practice_id") == practice_id) & within)
        return [read_sheet(read_sheet_key(item), item) for item in items]

    def mend(self, practice_id: str, difference: SheetDifference) -> bool:
        """Write what is true, if nobody has written on the sheet since it was read."""
        actions = [
            *(
                Path([busy_attribute(name)]).set({"M": encode_entity(busy)})
                for name, busy in difference.missing.items()
            ),
            *(Path([busy_attribute(name)]).remove() for name in difference.orphans),
            Path("version").add(1),
        ]
        sheet = difference.sheet
        try:
            self._diary.write([UpdateItem(sheet_key(practice_id, sheet.key), actions, is_unchanged(sheet.version))])
        except ConditionFailed:
            return False
        return True

    def cursor(self) -> str:
        """The practice whose sheets were audited last."""
        return turns.read_cursor(self._diary, Table.DAY_SHEETS, "sheet_id")

    def move_cursor(self, practice_id: str) -> None:
        """Remember the practice whose sheets were audited last."""
        turns.move_cursor(self._diary, Table.DAY_SHEETS, "sheet_id", practice_id)


def open_diary(told: Settings | None = None) -> DynamoDaySheetAuditStore:
    """The diary of this process."""
    return DynamoDaySheetAuditStore(connect((told or settings()).tables))
