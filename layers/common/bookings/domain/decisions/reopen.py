"""Reopen a decided request: undo the decision and its effects."""

from dataclasses import replace

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.decision import decision_email
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import EmailKind
from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus, finish_write, new_pms_write
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.request import Move, Request, Resolution, check_move

_Cancellation = tuple[Edit[Appointment], tuple[Edit[PmsWrite], ...]]


def reopen(
    request: Request, appointment: Appointment | None, stamp: Stamp, create: PmsWrite | None = None
) -> ChangeSet:
    """The change that undoes a decision: the time is free again, the tally as before, the calendar entry cancelled.

    A letter that is still waiting is superseded by this; one that has gone out is followed by its cancellation.
    `create` is the PMS write of an appointment that Chairlink made; one that was linked is the PMS's to keep.
    """
    status = check_move(request, Move.REOPEN)
    email = None
    if request.outbox_id and request.appointment_id:
        email = decision_email(request, EmailKind.CANCELLATION, stamp).model_copy(
            update={"cancels": request.outbox_id, "taken_back": request.accepted}
        )
    after = revise(
        request,
        status=status,
        resolution=None,
        accepted=None,
        appointment_id=None,
        appointment_status=None,
        appointment_cancelled_at=None,
        pms_write="not_required",
        pms_write_reason=None,
        pms_evidence=None,
        decision=None,
        outbox_id=email.outbox_id if email else None,
        mail=None,
        attention=None,
    )
    change = ChangeSet(stamp=stamp, action=Move.REOPEN, request=after, email=email)
    if appointment is None:
        return change
    if appointment.origin == "pms" or request.resolution in (Resolution.LINKED, Resolution.AUTO_LINKED):
        return replace(change, appointment=revise(appointment, request_id=None))
    freed, writes = cancel_in_pms(appointment, create, request.id, stamp)
    return replace(change, appointment=freed, pms_writes=writes)


def cancel_in_pms(appointment: Appointment, create: PmsWrite | None, request_id: str, stamp: Stamp) -> _Cancellation:
    """The appointment freed, and what that makes of the PMS writes.

    A create that no agent has had is withdrawn, and neither it nor a cancel is ever handed out. One that an agent has,
    or had, is followed by a cancel, which waits for the lease to end or for the agent's word, whichever is first.
    """
    if not appointment.stands:
        return revise(appointment, request_id=None), ()
    withdrawn = _revoked(create)
    if create and not appointment.is_in_pms and not create.may_have_been_carried_out:
        return revise(appointment, request_id=None, status=AppointmentStatus.CANCELLED), withdrawn
    cancel = new_pms_write("cancel", appointment, request_id, stamp.correlation_id, stamp.at)
    if create and create.leased_until and not appointment.is_in_pms:
        cancel = cancel.model_copy(update={"due_at": max(create.leased_until, stamp.at)})
    return revise(appointment, request_id=None, cancel_id=cancel.id), (*withdrawn, Edit(None, cancel))


def _revoked(create: PmsWrite | None) -> tuple[Edit[PmsWrite], ...]:
    if create is None or create.is_finished:
        return ()
    return (Edit(create, finish_write(create, WriteStatus.REVOKED)),)
