"""What the functions of the clock look at, in memory: letters, and requests that wait for something."""

from collections.abc import Sequence
from datetime import datetime

from bookings.domain.outbox.email import Email
from bookings.domain.outbox.overdue_email import RequestKey
from bookings.domain.reporting.quality_flags import evidence_due
from bookings.domain.requests.request import Request
from tests.fakes import FakeBookings


class FakeLetters:
    """The outbox that these bookings put their letters into."""

    def __init__(self, bookings: FakeBookings) -> None:
        self._bookings = bookings

    def get(self, outbox_id: str) -> Email | None:
        return self._bookings.emails.get(outbox_id)

    def advance(self, before: Email, after: Email) -> bool:
        with self._bookings.locked():
            standing = self.get(before.outbox_id)
            if standing is None or (standing.status, standing.attempt_id) != (before.status, before.attempt_id):
                return False
            self._bookings.emails[after.outbox_id] = after
            self._bookings.tell(after)
            return True

    def due(self, now: datetime, limit: int) -> list[str]:
        with self._bookings.locked():
            waiting = [one for one in self._bookings.emails.values() if one.needs_sweep and one.due_at <= now]
        return [one.outbox_id for one in sorted(waiting, key=lambda one: one.due_at)][:limit]


class FakeWaiting:
    """The requests among these bookings that wait for something."""

    def __init__(self, bookings: FakeBookings) -> None:
        self._bookings = bookings

    def due_to_expire(self, now: datetime, limit: int) -> list[RequestKey]:
        due = [one for one in self._bookings.pending() if one.requested.begins <= now]
        return [_request_name(one) for one in sorted(due, key=lambda one: one.requested.begins)][:limit]

    def due_for_answer(self, now: datetime, limit: int) -> list[RequestKey]:
        due = [(one.answer_by, one) for one in self._bookings.pending() if one.answer_by and not one.overdue]
        return [_request_name(one) for at, one in sorted(due, key=lambda pair: pair[0]) if at <= now][:limit]

    def due_for_pms_evidence(self, now: datetime, limit: int) -> list[RequestKey]:
        due = [(at, one) for one in self._bookings.due_for_pms_evidence() if (at := evidence_due(one)) and at <= now]
        return [_request_name(one) for _, one in sorted(due, key=lambda pair: pair[0])][:limit]

    def due_for_recheck(self, now: datetime, limit: int) -> list[RequestKey]:
        due = [(one.look_again_at, one) for one in self._bookings.pending() if one.look_again_at]
        return [_request_name(one) for at, one in sorted(due, key=lambda pair: pair[0]) if at <= now][:limit]

    def flag_overdue(self, keys: Sequence[RequestKey], email: Email | None) -> tuple[RequestKey, ...]:
        with self._bookings.locked():
            waiting = {_request_name(one) for one in self._bookings.pending() if not one.overdue}
            if missing := tuple(name for name in keys if name not in waiting):
                return missing
            self._bookings.mark_overdue(keys)
            if email:
                self._bookings.emails[email.outbox_id] = email
            return ()


def _request_name(request: Request) -> RequestKey:
    return RequestKey(request.practice_id, request.id)
