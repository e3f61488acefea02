"""Misfits by practice and day of receipt, and the marks on findings that somebody has handled."""

from datetime import date, datetime

from pynamodb.expressions.operand import Path

from bookings.domain.insights.finding import FindingMark
from bookings.domain.insights.misfit_cause import Misfit
from bookings.domain.kernel.idempotency import IdempotencyRecord
from bookings.storage.codec import decode_item, encode_entity, encode_item
from bookings.storage.dynamodb import ConditionFailed, DynamoDb, PutItem, between, not_exists
from bookings.storage.items import to_idempotency_record
from bookings.storage.schema import DELIVERIES, FINDINGS, MISFITS
from bookings.storage.transactions import put_idempotency_record


class DynamoMisfitStore:
    """The MisfitStore over the Misfits and Findings tables."""

    def __init__(self, database: DynamoDb) -> None:
        self._database = database

    def save_misfit(self, misfit: Misfit) -> bool:
        """Keep the misfit; False if the stored one is from the same decision or a newer one."""
        keys = {MISFITS.sort: f"{misfit.day.isoformat()}#{misfit.request_id}"}
        is_newer = not_exists(MISFITS) | (Path("revision") < misfit.revision)
        return self._database.try_write(PutItem(MISFITS, encode_entity(misfit) | encode_item(keys), is_newer))

    def misfits(self, practice_id: str, first_day: date, last_day: date) -> list[Misfit]:
        """The misfits among the requests received on these days, both included; also those that were undone."""
        days = between(first_day.isoformat(), f"{last_day.isoformat()}~")
        return [Misfit.model_validate(decode_item(item)) for item in self._database.query(MISFITS, practice_id, days)]

    def marks(self, practice_id: str) -> list[FindingMark]:
        """The findings that somebody has handled."""
        return [FindingMark.model_validate(decode_item(item)) for item in self._database.query(FINDINGS, practice_id)]

    def save_mark(self, mark: FindingMark, record: IdempotencyRecord, now: datetime) -> IdempotencyRecord:
        """Keep the mark, replacing an older one, with the idempotency record of the call; returns the stored record.

        If a record of the same key is stored already, nothing is written.
        """
        try:
            self._database.write([put_idempotency_record(record, now), PutItem(FINDINGS, encode_entity(mark))])
        except ConditionFailed as failure:
            return to_idempotency_record(failure.standing[0])
        return record

    def idempotency_record(self, record_id: str) -> IdempotencyRecord | None:
        """The idempotency record of that id."""
        items = self._database.get([DELIVERIES.key(record_id)]).values()
        return next(map(to_idempotency_record, items), None)
