"""The requests of an InMemoryBookingStore that a sweep has work for."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bookings.domain.outbox.email import Email
from bookings.domain.reporting.quality_flags import evidence_due
from bookings.domain.requests.request import Request, RequestKey, Status
from tests.support.in_memory.booking_store import InMemoryBookingStore


class InMemoryDueRequestStore:
    """The DueRequestStore in memory."""

    def __init__(self, bookings: InMemoryBookingStore) -> None:
        self._bookings = bookings

    def due_to_expire(self, now: datetime, limit: int) -> list[RequestKey]:
        return self._due(lambda one: one.requested.begins if _is_pending(one) else None, now, limit)

    def due_for_answer(self, now: datetime, limit: int) -> list[RequestKey]:
        return self._due(lambda one: one.answer_by if _is_pending(one) and not one.overdue else None, now, limit)

    def due_for_pms_evidence(self, now: datetime, limit: int) -> list[RequestKey]:
        return self._due(evidence_due, now, limit)

    def due_for_recheck(self, now: datetime, limit: int) -> list[RequestKey]:
        return self._due(lambda one: one.look_again_at if _is_pending(one) else None, now, limit)

    def due_for_notice(self, now: datetime, limit: int) -> list[RequestKey]:
        return self._due(lambda one: one.automatic_notice_at, now, limit)

    def flag_overdue(self, keys: Sequence[RequestKey], email: Email | None) -> tuple[RequestKey, ...]:
        with self._bookings.lock:
            pending = {_key(one) for one in self._bookings.all_requests() if _is_pending(one) and not one.overdue}
            if missing := tuple(key for key in keys if key not in pending):
                return missing
            self._bookings.mark_overdue(keys)
            if email:
                self._bookings.emails[email.outbox_id] = email
            return ()

    def _due(self, due_at: Callable[[Request], datetime | None], now: datetime, limit: int) -> list[RequestKey]:
        due = [(at, one) for one in self._bookings.all_requests() if (at := due_at(one)) and at <= now]
        return [_key(one) for _, one in sorted(due, key=lambda pair: pair[0])][:limit]


def _is_pending(request: Request) -> bool:
    return request.status is Status.PENDING


def _key(request: Request) -> RequestKey:
    return RequestKey(request.practice_id, request.id)
