"""Misfits and marks on findings in memory."""

from datetime import date, datetime

from bookings.domain.insights.finding import FindingMark
from bookings.domain.insights.misfit_cause import Misfit
from bookings.domain.kernel.idempotency import IdempotencyRecord

_Key = tuple[str, str]
"""The ids of a practice and of a request or finding in it."""


class InMemoryMisfitStore:
    """The MisfitStore in memory."""

    def __init__(self) -> None:
        self._misfits: dict[_Key, Misfit] = {}
        self._marks: dict[_Key, FindingMark] = {}
        self._idempotency_records: dict[str, IdempotencyRecord] = {}

    def save_misfit(self, misfit: Misfit) -> bool:
        key = misfit.practice_id, misfit.request_id
        if key in self._misfits and self._misfits[key].revision >= misfit.revision:
            return False
        self._misfits[key] = misfit
        return True

    def misfits(self, practice_id: str, first_day: date, last_day: date) -> list[Misfit]:
        found = (one for (of, _), one in self._misfits.items() if of == practice_id)
        return sorted(
            (one for one in found if first_day <= one.day <= last_day), key=lambda one: (one.day, one.request_id)
        )

    def marks(self, practice_id: str) -> list[FindingMark]:
        found = (one for (of, _), one in self._marks.items() if of == practice_id)
        return sorted(found, key=lambda one: one.finding_id)

    def save_mark(self, mark: FindingMark, record: IdempotencyRecord, now: datetime) -> IdempotencyRecord:
        stored = self._idempotency_records.get(record.id)
        if stored and stored.expires_at >= now:
            return stored
        self._marks[mark.practice_id, mark.finding_id] = mark
        self._idempotency_records[record.id] = record
        return record

    def idempotency_record(self, record_id: str) -> IdempotencyRecord | None:
        return self._idempotency_records.get(record_id)
