"""Time out PMS writes that no agent has finished, so that the front desk can act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bookings.domain.change_set import StaleSnapshot
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus
from bookings.domain.pms.write_outcomes import write_failed
from bookings.use_cases.due_batches import MAX_SWEEP_BATCH, due_batches
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS
from bookings.use_cases.pms_write_outcomes import load_write_context
from bookings.use_cases.ports import BookingStore


@dataclass(frozen=True)
class TimedOutWrite:
    """A write that timed out. `crash` is the type of the error, if timing it out failed."""

    write: PmsWrite
    crash: str | None = None


def time_out_pms_writes(bookings: BookingStore, now: datetime, has_time: Callable[[], bool]) -> list[TimedOutWrite]:
    """Time out the expired writes of all practices."""
    timed_out: list[TimedOutWrite] = []
    for batch in due_batches(lambda: bookings.expired_writes(now, MAX_SWEEP_BATCH), has_time):
        for write in batch:
            if not has_time():
                break
            try:
                if _time_out(bookings, write, now):
                    timed_out.append(TimedOutWrite(write))
            except Exception as error:  # noqa: BLE001  # an error with one write must not stop the others
                timed_out.append(TimedOutWrite(write, type(error).__name__))
    return timed_out


def _time_out(bookings: BookingStore, write: PmsWrite, now: datetime) -> bool:
    stamp = Stamp(by="sweep", at=now, correlation_id=write.correlation_id)
    for _ in range(MAX_ATTEMPTS):
        context = load_write_context(bookings, write.practice_id, write.id)
        if context is None or not context.write.has_timed_out(now):
            return False
        try:
            bookings.commit(write_failed(context, WriteStatus.TIMED_OUT, stamp))
        except StaleSnapshot:
            continue
        return True
    raise Unavailable
