"""Why requests did not fit, in memory."""

from datetime import date, datetime

from bookings.domain.insights.finding import FindingMark
from bookings.domain.insights.misfit_cause import Misfit
from bookings.domain.kernel.idempotency import IdempotencyRecord

Name = tuple[str, str]
"""Of a practice, and of a request or finding in it."""


class FakeFindings:
    """Misfits, and marks on findings."""

    def __init__(self) -> None:
        self._misfits: dict[Name, Misfit] = {}
        self._handled: dict[Name, FindingMark] = {}
        self._receipts: dict[str, IdempotencyRecord] = {}

    def save_misfit(self, misfit: Misfit) -> bool:
        name = misfit.practice_id, misfit.request_id
        if name in self._misfits and self._misfits[name].revision >= misfit.revision:
            return False
        self._misfits[name] = misfit
        return True

    def misfits(self, practice_id: str, first_day: date, last_day: date) -> list[Misfit]:
        found = (one for (of, _), one in self._misfits.items() if of == practice_id)
        return sorted(
            (one for one in found if first_day <= one.day <= last_day), key=lambda one: (one.day, one.request_id)
        )

    def marks(self, practice_id: str) -> list[FindingMark]:
        found = (one for (of, _), one in self._handled.items() if of == practice_id)
        return sorted(found, key=lambda one: one.finding_id)

    def save_mark(self, mark: FindingMark, record: IdempotencyRecord, now: datetime) -> IdempotencyRecord:
        standing = self._receipts.get(record.id)
        if standing and standing.expires_at >= now:
            return standing
        self._handled[mark.practice_id, mark.finding_id] = mark
        self._receipts[record.id] = record
        return record

    def idempotency_record(self, record_id: str) -> IdempotencyRecord | None:
        return self._receipts.get(record_id)
