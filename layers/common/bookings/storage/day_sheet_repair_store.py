"""Day sheets and the appointments that occupy them, for the audit of day sheets."""

from datetime import date

from pynamodb.expressions.operand import Path

from bookings.domain.scheduling.day_sheet import DaySheet
from bookings.domain.scheduling.day_sheet_audit import SheetDifference
from bookings.domain.scheduling.slot import Slot
from bookings.storage.codec import decode, encode_entity
from bookings.storage.dynamodb import DynamoDb, SortCondition, UpdateItem, between
from bookings.storage.items import busy_attribute, sheet_item_key, to_busy_slots, to_sheet, to_sheet_key
from bookings.storage.schema import APPOINTMENTS, APPOINTMENTS_BY_DAY, DAY_SHEETS
from bookings.storage.transactions import is_unchanged


class DynamoDaySheetRepairStore:
    """The DaySheetRepairStore over the Appointments and DaySheets tables."""

    def __init__(self, database: DynamoDb) -> None:
        self._database = database

    def occupied_slots(self, practice_id: str, first_day: date, last_day: date) -> dict[str, tuple[Slot, ...]]:
        """The slots of appointments that begin on these days and keep somebody busy, by id; eventually consistent."""
        items = self._database.query(APPOINTMENTS_BY_DAY, practice_id, _days(first_day, last_day))
        return {decode(item[APPOINTMENTS.sort]): to_busy_slots(item) for item in items}

    def stored_sheets(self, practice_id: str, first_day: date, last_day: date) -> list[DaySheet]:
        """The sheets of these days that are stored."""
        items = self._database.query(DAY_SHEETS, practice_id, _days(first_day, last_day))
        return [to_sheet(to_sheet_key(item), item) for item in items]

    def repair_sheet(self, practice_id: str, difference: SheetDifference) -> bool:
        """Write the busy times that the appointments give, if the sheet still has the version that was read."""
        actions = [
            *(
                Path([busy_attribute(appointment_id)]).set({"M": encode_entity(busy)})
                for appointment_id, busy in difference.missing.items()
            ),
            *(Path([busy_attribute(appointment_id)]).remove() for appointment_id in difference.orphans),
            Path("version").add(1),
        ]
        sheet = difference.sheet
        key = sheet_item_key(practice_id, sheet.key)
        return self._database.try_write(UpdateItem(key, actions, is_unchanged(sheet.version)))


def _days(first_day: date, last_day: date) -> SortCondition:
    return between(first_day.isoformat(), f"{last_day.isoformat()}~")
