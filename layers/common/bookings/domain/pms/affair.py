"""A PMS write with what its outcome touches."""

from dataclasses import dataclass

from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Attention, Request


@dataclass(frozen=True)
class Affair:
    """A PMS write and what its outcome touches; `cancel` is the cancel that waits for a create, if there is one."""

    write: PmsWrite
    appointment: Appointment
    request: Request
    cancel: PmsWrite | None = None

    @property
    def is_the_requests(self) -> bool:
        """Whether the request still rests on this write: it may have been reopened, and accepted anew, since."""
        if self.write.kind == "cancel":
            return self.request.appointment_id is None
        return self.request.appointment_id == self.appointment.id

    @property
    def attention_left(self) -> Attention | None:
        """What the request asks the front desk to look at, once the writing is in order."""
        is_about_writing = self.request.attention in (Attention.WRITE_FAILED, Attention.WRITE_TIMED_OUT)
        return None if is_about_writing else self.request.attention
