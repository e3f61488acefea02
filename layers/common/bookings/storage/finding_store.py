"""Misfits, by practice and day of receipt, and the marks on findings that somebody has seen to."""

from collections.abc import Sequence
from datetime import date, datetime

from pynamodb.expressions.operand import Path

from bookings.domain.insights.finding import FindingMark
from bookings.domain.insights.misfit_cause import Misfit
from bookings.domain.kernel.idempotency import IdempotencyRecord
from bookings.settings import Settings, Table, settings
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.codec import decode_item, encode_entity, encode_item
from bookings.storage.dynamodb import ConditionFailed, Database, Operation, PutItem, connect
from bookings.storage.items import idempotency_item_key, read_idempotency_record
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.storage.stores import Stores
from bookings.storage.transactions import put_idempotency_record


class DynamoFindingStore:
    """The Misfits and Findings tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, misfit: Misfit) -> bool:
        """Keep the misfit; False if what stands there is from the same decision or a newer one."""
        item = encode_entity(misfit) | encode_item({"misfit_id": f"{misfit.day.isoformat()}#{misfit.request_id}"})
        is_news = Path("misfit_id").does_not_exist() | (Path("revision") < misfit.revision)
        try:
            self._database.write([PutItem(Table.MISFITS, item, is_news)])
        except ConditionFailed:
            return False
        return True

    def misfits(self, practice_id: str, first_day: date, last_day: date) -> list[Misfit]:
        """The misfits among the requests that were received on these days, both included; also those taken back."""
        within = Path("misfit_id").between(first_day.isoformat(), f"{last_day.isoformat()}~")
        items = self._database.query(Table.MISFITS, (Path("practice_id") == practice_id) & within)
        return [Misfit.model_validate(decode_item(item)) for item in items]

    def handled(self, practice_id: str) -> list[FindingMark]:
        """The findings that somebody has seen to."""
        items = self._database.query(Table.FINDINGS, Path("practice_id") == practice_id)
        return [FindingMark.model_validate(decode_item(item)) for item in items]

    def handle(self, mark: FindingMark, idempotency_record: IdempotencyRecord, now: datetime) -> IdempotencyRecord:
        """Keep the mark, in the place of an older one, and the receipt of the call that made it.

        Nothing is kept if the receipt of a call with the same key stands already. Gives the one that stands.
        """
        operations: Sequence[Operation] = (
            put_idempotency_record(idempotency_record, now),
            PutItem(Table.FINDINGS, encode_entity(mark)),
        )
        try:
            self._database.write(operations)
        except ConditionFailed as failure:
            return read_idempotency_record(failure.standing[0])
        return idempotency_record

    def idempotency_record(self, idempotency_record_id: str) -> IdempotencyRecord | None:
        """The receipt of that id."""
        return next(
            map(read_idempotency_record, self._database.get([idempotency_item_key(idempotency_record_id)]).values()),
            None,
        )


def open_findings(told: Settings | None = None) -> tuple[Stores, DynamoFindingStore]:
    """The stores of this process, and the findings beside them: one client serves them all."""
    told = told or settings()
    database = connect(told.tables)
    return Stores(
        DynamoPracticeRepository(database, told.practice_cache_seconds), DynamoBookingStore(database)
    ), DynamoFindingStore(database)
