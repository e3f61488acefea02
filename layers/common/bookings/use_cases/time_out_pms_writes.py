"""What is done about PMS writes that no agent settles: the front desk gets them back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bookings.domain.change_set import Overtaken, Stamp
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus
from bookings.domain.pms.write_back import lost
from bookings.use_cases.affairs import affair_of
from bookings.use_cases.due_batches import rounds
from bookings.use_cases.optimistic_transaction import TRIES
from bookings.use_cases.ports import Bookings

AT_ONCE = 100
"""Writes looked up together; a sweep goes on until none is overdue or its time is over."""


@dataclass(frozen=True)
class GivenUp:
    """A write that was given up, or why that failed; ids and codes only."""

    write: PmsWrite
    crash: str | None = None


def give_up(bookings: Bookings, now: datetime, has_time: Callable[[], bool]) -> list[GivenUp]:
    """Time out the writes that no agent has settled for too long, of all practices."""
    given_up: list[GivenUp] = []
    for due in rounds(lambda: bookings.overdue_writes(now, AT_ONCE), has_time):
        for write in due:
            if not has_time():
                break
            try:
                if _time_out(bookings, write, now):
                    given_up.append(GivenUp(write))
            except Exception as error:  # noqa: BLE001  # one write must not hold up the others
                given_up.append(GivenUp(write, type(error).__name__))
    return given_up


def _time_out(bookings: Bookings, write: PmsWrite, now: datetime) -> bool:
    stamp = Stamp(by="sweep", at=now, correlation_id=write.correlation_id)
    for _ in range(TRIES):
        affair = affair_of(bookings, write.practice_id, write.id)
        if affair is None or not affair.write.is_overdue(now):
            return False
        try:
            bookings.commit(lost(affair, WriteStatus.TIMED_OUT, stamp))
        except Overtaken:
            continue
        return True
    raise Unavailable
