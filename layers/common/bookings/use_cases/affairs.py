"""How a PMS write is read with everything that its outcome touches."""

from bookings.domain.pms.affair import Affair
from bookings.use_cases.ports import Bookings


def affair_of(bookings: Bookings, practice_id: str, write_id: str) -> Affair | None:
    """The write with what its outcome touches; None if the practice has no such write."""
    write = bookings.see(practice_id, write_id=write_id).pms_write
    if write is None:
        return None
    seen = bookings.see(practice_id, request_id=write.request_id, appointment_id=write.appointment_id)
    if seen.request is None or seen.appointment is None:
        return None
    waiting = seen.appointment.cancel_id if write.kind == "create" else None
    cancel = bookings.see(practice_id, write_id=waiting).pms_write if waiting else None
    return Affair(write, seen.appointment, seen.request, cancel)
