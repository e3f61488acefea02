"""Reopen a decided request: undo the decision and its effects."""

from dataclasses import replace

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.undo_email import undo_email
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus, finish_write, new_pms_write
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.request import LINKED, Move, Request, check_move

_Cancellation = tuple[Edit[Appointment], tuple[Edit[PmsWrite], ...]]


def reopen(
    request: Request,
    appointment: Appointment | None,
    stamp: Stamp,
    create: PmsWrite | None = None,
    *,
    notify: bool = True,
) -> ChangeSet:
    """Undo the decision: the request is pending, its time is free, and its tally is as it was before.

    - An e-mail that was not claimed yet is superseded. If it was held, nothing is sent, whatever an earlier decision
      told the patient. Afterwards, with `notify`, an e-mail takes back what the patient was told. It is sent only if
      that may have arrived, and not about a visit that has begun.
    - An appointment that Chairlink created is cancelled, also in the PMS. `create` is the write that creates it there.
    - An appointment that the request was linked to stays in the PMS; only the link is removed.
    """
    status = check_move(request, Move.REOPEN)
    email = undo_email(request, stamp) if notify and not request.holds_email else None
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
        mail="queued" if email else None,
        mail_due_at=None,
        mail_failure=None,
        attentions=(),
    )
    change = ChangeSet(stamp=stamp, action=Move.REOPEN, request=after, email=email)
    if appointment is None:
        return change
    if appointment.origin == "pms" or request.resolution in LINKED:
        return replace(change, appointment=revise(appointment, request_id=None))
    cancellation, writes = cancel_in_pms(appointment, create, request.id, stamp)
    return replace(change, appointment=cancellation, pms_writes=writes)


def cancel_in_pms(appointment: Appointment, create: PmsWrite | None, request_id: str, stamp: Stamp) -> _Cancellation:
    """Compensation: the edits that free the appointment's time and cancel it in the PMS (docs/adr/0021).

    - A create that no agent has pulled is revoked. Nothing is in the PMS, so no cancel is needed.
    - Otherwise a cancel is queued as well. While an agent has a lease on the create, the cancel waits until the lease
      expires or the agent reports an outcome.
    """
    if not appointment.is_active:
        return revise(appointment, request_id=None), ()
    revoked = _revoke(create)
    if create and not appointment.is_in_pms and not create.may_have_been_carried_out:
        return revise(appointment, request_id=None, status=AppointmentStatus.CANCELLED), revoked
    cancel = new_pms_write("cancel", appointment, request_id, stamp.correlation_id, stamp.at)
    if create and create.leased_until and not appointment.is_in_pms:
        cancel = cancel.model_copy(update={"due_at": max(create.leased_until, stamp.at)})
    return revise(appointment, request_id=None, cancel_id=cancel.id), (*revoked, Edit(None, cancel))


def _revoke(create: PmsWrite | None) -> tuple[Edit[PmsWrite], ...]:
    if create is None or create.is_finished:
        return ()
    return (Edit(create, finish_write(create, WriteStatus.REVOKED)),)
