"""What the functions of the clock look at, in memory: letters, and requests that wait for something."""

from collections.abc import Sequence
from datetime import datetime

from bookings.domain.outbox.email import Letter
from bookings.domain.outbox.overdue_email import RequestName
from bookings.domain.reporting.quality_flags import evidence_due
from bookings.domain.requests.request import Request
from tests.fakes import FakeBookings


class FakeLetters:
    """The outbox that these bookings put their letters into."""

    def __init__(self, bookings: FakeBookings) -> None:
        self._bookings = bookings

    def get(self, outbox_id: str) -> Letter | None:
        return self._bookings.letters.get(outbox_id)

    def advance(self, before: Letter, after: Letter) -> bool:
        with self._bookings.locked():
            standing = self.get(before.outbox_id)
            if standing is None or (standing.status, standing.attempt_id) != (before.status, before.attempt_id):
                return False
            self._bookings.letters[after.outbox_id] = after
            self._bookings.tell(after)
            return True

    def due(self, now: datetime, limit: int) -> list[str]:
        with self._bookings.locked():
            waiting = [one for one in self._bookings.letters.values() if one.is_open and one.due_at <= now]
        return [one.outbox_id for one in sorted(waiting, key=lambda one: one.due_at)][:limit]


class FakeWaiting:
    """The requests among these bookings that wait for something."""

    def __init__(self, bookings: FakeBookings) -> None:
        self._bookings = bookings

    def begun(self, now: datetime, limit: int) -> list[RequestName]:
        due = [one for one in self._bookings.pending() if one.requested.begins <= now]
        return [_request_name(one) for one in sorted(due, key=lambda one: one.requested.begins)][:limit]

    def unanswered(self, now: datetime, limit: int) -> list[RequestName]:
        due = [(one.answer_by, one) for one in self._bookings.pending() if one.answer_by and not one.overdue]
        return [_request_name(one) for at, one in sorted(due, key=lambda pair: pair[0]) if at <= now][:limit]

    def unproven(self, now: datetime, limit: int) -> list[RequestName]:
        due = [(at, one) for one in self._bookings.unproven() if (at := evidence_due(one)) and at <= now]
        return [_request_name(one) for _, one in sorted(due, key=lambda pair: pair[0])][:limit]

    def second_looks(self, now: datetime, limit: int) -> list[RequestName]:
        due = [(one.look_again_at, one) for one in self._bookings.pending() if one.look_again_at]
        return [_request_name(one) for at, one in sorted(due, key=lambda pair: pair[0]) if at <= now][:limit]

    def flag(self, names: Sequence[RequestName], letter: Letter | None) -> tuple[RequestName, ...]:
        with self._bookings.locked():
            waiting = {_request_name(one) for one in self._bookings.pending() if not one.overdue}
            if missing := tuple(name for name in names if name not in waiting):
                return missing
            self._bookings.mark_overdue(names)
            if letter:
                self._bookings.letters[letter.outbox_id] = letter
            return ()


def _request_name(request: Request) -> RequestName:
    return RequestName(request.practice_id, request.id)
