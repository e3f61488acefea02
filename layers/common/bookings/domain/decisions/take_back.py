"""How an appointment that Chairlink made is taken back from the PMS when its request is reopened."""

from bookings.domain.change_set import Edit, Stamp, edited
from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus, ask, end
from bookings.domain.requests.appointment import Appointment, AppointmentStatus

_Freed = tuple[Edit[Appointment], tuple[Edit[PmsWrite], ...]]


def take_back(appointment: Appointment, create: PmsWrite | None, request_id: str, stamp: Stamp) -> _Freed:
    """The appointment freed, and what that makes of the PMS writes.

    A create that no agent has had is withdrawn, and neither it nor a cancel is ever handed out. One that an agent has,
    or had, is followed by a cancel, which waits for the lease to end or for the agent's word, whichever is first.
    """
    if not appointment.stands:
        return edited(appointment, request_id=None), ()
    withdrawn = _withdrawn(create)
    if create and not appointment.is_in_pms and not create.may_be_done:
        return edited(appointment, request_id=None, status=AppointmentStatus.CANCELLED), withdrawn
    cancel = ask("cancel", appointment, request_id, stamp.correlation_id, stamp.at)
    if create and create.leased_until and not appointment.is_in_pms:
        cancel = cancel.model_copy(update={"due_at": max(create.leased_until, stamp.at)})
    return edited(appointment, request_id=None, cancel_id=cancel.id), (*withdrawn, Edit(None, cancel))


def _withdrawn(create: PmsWrite | None) -> tuple[Edit[PmsWrite], ...]:
    if create is None or create.is_settled:
        return ()
    return (Edit(create, end(create, WriteStatus.WITHDRAWN)),)
