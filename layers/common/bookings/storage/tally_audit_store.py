"""Tallies beside the requests that they count, for the audit."""

from datetime import date, datetime, time, timedelta

from pynamodb.expressions.operand import Path

from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.tally_audit import TallyDifference
from bookings.domain.requests.request import Request
from bookings.settings import Settings, Table, settings
from bookings.storage import round_robin_cursor as turns
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.codec import encode
from bookings.storage.dynamodb import ConditionFailed, Database, UpdateItem, connect
from bookings.storage.items import cohort_key, read_request
from bookings.storage.practice_repository import practices_after
from bookings.storage.request_listing import oldest_id


class DynamoTallyAuditStore(DynamoBookingStore):
    """Bookings, as the audit looks at them."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._books = database

    def practices_after(self, practice_id: str, limit: int) -> list[str]:
        """The ids that follow in the directory of all practices."""
        return [name for name, _ in practices_after(self._books, practice_id, limit)]

    def requests_of(self, practice: Practice, first_day: date, last_day: date) -> list[Request]:
        """All requests received on these days, read consistently: ids begin with the moment of receipt."""
        first = oldest_id(datetime.combine(first_day, time.min, practice.zone))
        last = oldest_id(datetime.combine(last_day + timedelta(days=1), time.min, practice.zone))
        within = (Path("practice_id") == practice.id) & Path("request_id").between(first, last)
        return [read_request(item) for item in self._books.query(Table.REQUESTS, within, consistent=True)]

    def correct(self, practice_id: str, difference: TallyDifference) -> bool:
        """Write what is true, if the tally still is as it was read."""
        still = [
            (Path([column]) == number) if number else (Path([column]).does_not_exist() | (Path([column]) == 0))
            for column, number in difference.tallied
        ]
        condition = still[0]
        for one in still[1:]:
            condition &= one
        actions = [Path([column]).set(encode(number)) for column, number in difference.true]
        try:
            self._books.write([UpdateItem(cohort_key(practice_id, difference.cohort), actions, condition)])
        except ConditionFailed:
            return False
        return True

    def cursor(self) -> str:
        """The practice that was audited last."""
        return turns.read_cursor(self._books, Table.TALLIES, "cohort")

    def move_cursor(self, practice_id: str) -> None:
        """Remember the practice that was audited last."""
        turns.move_cursor(self._books, Table.TALLIES, "cohort", practice_id)


def open_books(told: Settings | None = None) -> DynamoTallyAuditStore:
    """The books of this process."""
    return DynamoTallyAuditStore(connect((told or settings()).tables))
