"""Apply the outcome of a PMS write: create completed, cancel completed, failed or timed out."""

from dataclasses import dataclass, replace
from typing import Any

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import EmailKind, hold_email, new_email
from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus, finish_write, make_due
from bookings.domain.pms.follow_appointment import follow_appointment
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.attention import Attention, Attentions, add_attention, remove_attention
from bookings.domain.requests.request import PmsWriteStatus, Request


@dataclass(frozen=True)
class PmsWriteContext:
    """A PMS write with its appointment and request, and the `cancel` that waits for it, if any."""

    write: PmsWrite
    appointment: Appointment
    request: Request
    cancel: PmsWrite | None = None

    @property
    def is_current(self) -> bool:
        """Whether the request still depends on this write. It may have been reopened since."""
        if self.write.kind == "cancel":
            return self.request.appointment_id is None
        return self.request.appointment_id == self.appointment.id


@dataclass(frozen=True)
class PmsCounterpart:
    """The PMS's record of an appointment that we created, under the id that the PMS gave it.

    `stored` is the item that we have under that id. `newest` also has the content of the event that is being processed.
    """

    pms_id: str
    stored: Appointment | None = None
    newest: Appointment | None = None

    @property
    def is_taken(self) -> bool:
        """Whether it cannot be merged: it is linked to a request, or already an alias."""
        return self.stored is not None and (self.stored.request_id is not None or self.stored.alias_of is not None)


def create_completed(context: PmsWriteContext, counterpart: PmsCounterpart, stamp: Stamp) -> ChangeSet:
    """Complete a create: our appointment gets the PMS's id, whose item becomes an alias (docs/adr/0021).

    A confirmation that waited for this is sent. A cancel that waited for this is due now.
    """
    ours = _merge_counterpart(context.appointment, counterpart)
    followed = follow_appointment(context.request, ours, stamp)
    writes = [Edit(context.write, finish_write(context.write, WriteStatus.COMPLETE))]
    if context.cancel and context.cancel.attempts == 0:
        writes.append(Edit(context.cancel, make_due(context.cancel, stamp.at)))
    change = ChangeSet(
        stamp=stamp,
        action="write_completed",
        appointment=followed.appointment,
        alias=_alias(ours.after, counterpart),
        pms_writes=tuple(writes),
        request=followed.request,
    )
    return _complete_on_request(change, context) if context.is_current else change


def cancel_completed(context: PmsWriteContext, stamp: Stamp) -> ChangeSet:
    """Complete a cancel: the appointment is cancelled in the PMS."""
    write = Edit(context.write, finish_write(context.write, WriteStatus.COMPLETE))
    change = ChangeSet(stamp=stamp, action="write_completed", pms_writes=(write,))
    if context.appointment.cancel_id == context.write.id:
        cancelled = revise(context.appointment, cancel_id=None, status=AppointmentStatus.CANCELLED)
        change = replace(change, appointment=cancelled)
    if context.is_current and context.request.pms_write != "not_required":
        cleared = revise(
            context.request, pms_write="not_required", pms_write_reason=None, attentions=_after_success(context.request)
        )
        change = replace(change, request=cleared)
    return change


def write_failed(context: PmsWriteContext, status: WriteStatus, stamp: Stamp, reason: str | None = None) -> ChangeSet:
    """End a write that failed or timed out, and get the front desk's attention, with the PMS's reason.

    An appointment that could not be cancelled is active again. One that could not be created keeps its time busy until
    the front desk decides.
    """
    write = Edit(context.write, finish_write(context.write, status, reason))
    change = ChangeSet(stamp=stamp, action=f"write_{status}", pms_writes=(write,))
    if context.write.kind == "cancel":
        return _restore_appointment(change, context)
    if context.is_current:
        evidence = None if context.appointment.is_in_pms else context.request.pms_evidence or "awaited"
        return _set_attention(change, context, pms_evidence=evidence)
    return _revoke_cancel(change, context) if status is WriteStatus.FAILED else change


def _merge_counterpart(ours: Appointment, counterpart: PmsCounterpart) -> Edit[Appointment]:
    """Our appointment with the PMS's id, and with the content that the PMS has sent for it."""
    content: dict[str, Any] = {}
    if counterpart.newest and not counterpart.is_taken:
        content = counterpart.newest.model_dump(include={"status", "version", "deleted", "practitioner_minutes"})
        slot = counterpart.newest.slot
        content |= {
            "contradiction": counterpart.newest.contradiction,
            "patient": counterpart.newest.patient or (None if counterpart.newest.deleted else ours.patient),
            "also": counterpart.newest.also,
            "slot": ours.with_our_resources(slot) if slot else None,
        }
    return revise(ours, pms_id=counterpart.pms_id, **content)


def _alias(ours: Appointment, counterpart: PmsCounterpart) -> Edit[Appointment] | None:
    """The tombstone under the PMS's id that points to our appointment.

    None if the PMS uses our id, or if its record cannot be merged.
    """
    if counterpart.pms_id == ours.id or counterpart.is_taken:
        return None
    tombstone: dict[str, Any] = {
        "patient": None, "slot": None, "status": AppointmentStatus.CANCELLED, "deleted": True, "alias_of": ours.id,
        "practitioner_minutes": None, "also": (),
    }  # fmt: skip
    if counterpart.stored:
        return revise(counterpart.stored, **tombstone)
    return Edit(None, Appointment(id=counterpart.pms_id, practice_id=ours.practice_id, origin="pms", **tombstone))


def _complete_on_request(change: ChangeSet, context: PmsWriteContext) -> ChangeSet:
    """The change with the completed write on the request, and with the confirmation that waited for it.

    Success makes no new revision, because the front desk has nothing to do: a decision on an open request must not be
    refused as stale. Only after a failure or timeout, which the front desk had to look at, is there a new revision.
    """
    before = context.request
    followed = change.request.after if change.request else before
    fields: dict[str, Any] = {"pms_write": "complete", "pms_write_reason": None}
    if before.pms_write != "queued":
        fields["revision"] = before.revision + 1
        fields["attentions"] = _after_success(followed)
    is_active = change.appointment is not None and change.appointment.after.is_active
    email = None
    if before.awaits_confirmation and is_active and followed.appointment_id:
        revision = fields.get("revision", followed.revision)
        email = new_email(before, revision, EmailKind.CONFIRMATION, change.stamp.correlation_id, change.stamp.at)
        if before.mail_due_at and before.mail_due_at > change.stamp.at:
            email = hold_email(email, before.mail_due_at)
        fields |= {"outbox_id": email.outbox_id, "mail": "queued", "mail_due_at": email.held_until}
    return replace(change, request=Edit(before, followed.model_copy(update=fields)), email=email)


_FAILURE_FIELDS: dict[WriteStatus, tuple[PmsWriteStatus, Attention]] = {
    WriteStatus.FAILED: ("failed", Attention.WRITE_FAILED),
    WriteStatus.TIMED_OUT: ("timed_out", Attention.WRITE_TIMED_OUT),
}
"""`pms_write` and the new attention of the request after a failed write."""


def _after_success(request: Request) -> Attentions:
    """The attentions without those for a failed write."""
    return remove_attention(request.attentions, Attention.WRITE_FAILED, Attention.WRITE_TIMED_OUT)


def _set_attention(change: ChangeSet, context: PmsWriteContext, **further_fields: Any) -> ChangeSet:
    """The change with the failed write on the request."""
    write = change.pms_writes[0].after
    pms_write, attention = _FAILURE_FIELDS[write.status]
    attentions = add_attention(_after_success(context.request), attention)
    fields: dict[str, Any] = {"pms_write_reason": write.reason, "attentions": attentions, **further_fields}
    if context.is_current:
        fields["pms_write"] = pms_write
    return replace(change, request=revise(context.request, **fields))


def _restore_appointment(change: ChangeSet, context: PmsWriteContext) -> ChangeSet:
    """A cancel was not carried out: the appointment is active again, if the PMS has it."""
    if context.appointment.cancel_id == context.write.id:
        fields: dict[str, Any] = {"cancel_id": None}
        if not context.appointment.is_in_pms:
            fields["status"] = AppointmentStatus.CANCELLED
        change = replace(change, appointment=revise(context.appointment, **fields))
    return _set_attention(change, context)


def _revoke_cancel(change: ChangeSet, context: PmsWriteContext) -> ChangeSet:
    """A create failed after its request was reopened: there is nothing to cancel in the PMS."""
    if context.cancel is None or context.appointment.is_in_pms:
        return change
    cancelled = revise(context.appointment, cancel_id=None, status=AppointmentStatus.CANCELLED)
    revoked = Edit(context.cancel, finish_write(context.cancel, WriteStatus.REVOKED))
    return replace(change, appointment=cancelled, pms_writes=(*change.pms_writes, revoked))
