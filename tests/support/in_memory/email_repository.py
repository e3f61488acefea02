"""The outbox of an InMemoryBookingStore."""

from datetime import datetime

from bookings.domain.change_set import ChangeSet
from bookings.domain.outbox.email import Email
from tests.support.in_memory.booking_store import InMemoryBookingStore


class InMemoryEmailRepository:
    """The EmailRepository in memory."""

    def __init__(self, bookings: InMemoryBookingStore) -> None:
        self._bookings = bookings

    def get(self, outbox_id: str) -> Email | None:
        return self._bookings.emails.get(outbox_id)

    def advance(self, before: Email, after: Email, change: ChangeSet | None = None) -> bool:
        with self._bookings.lock:
            stored = self.get(before.outbox_id)
            if stored is None or (stored.status, stored.attempt_id) != (before.status, before.attempt_id):
                return False
            if change:
                self._bookings.commit(change)
            self._bookings.emails[after.outbox_id] = after
            return True

    def due(self, now: datetime, limit: int) -> list[str]:
        with self._bookings.lock:
            due = [one for one in self._bookings.emails.values() if one.needs_sweep and one.due_at <= now]
        return [one.outbox_id for one in sorted(due, key=lambda one: (one.is_to_staff, one.due_at))][:limit]
