"""What the outcome of a PMS write changes: written, cancelled, failed or timed out."""

from dataclasses import dataclass, replace
from typing import Any

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import EmailKind, new_email
from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus, finish_write, make_due
from bookings.domain.pms.apply_event import follow_appointment
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.request import Attention, PmsWriteStatus, Request


@dataclass(frozen=True)
class PmsWriteContext:
    """A PMS write and what its outcome touches; `cancel` is the cancel that waits for a create, if there is one."""

    write: PmsWrite
    appointment: Appointment
    request: Request
    cancel: PmsWrite | None = None

    @property
    def is_current(self) -> bool:
        """Whether the request still rests on this write: it may have been reopened, and accepted anew, since."""
        if self.write.kind == "cancel":
            return self.request.appointment_id is None
        return self.request.appointment_id == self.appointment.id

    @property
    def remaining_attention(self) -> Attention | None:
        """What the request asks the front desk to look at, once the writing is in order."""
        is_about_writing = self.request.attention in (Attention.WRITE_FAILED, Attention.WRITE_TIMED_OUT)
        return None if is_about_writing else self.request.attention


@dataclass(frozen=True)
class PmsCounterpart:
    """What the PMS has under an id of its own: as we have it stored, and as it has told us by now."""

    pms_id: str
    stored: Appointment | None = None
    newest: Appointment | None = None

    @property
    def is_taken(self) -> bool:
        """Whether that id is spoken for: linked to a request, or already an alias."""
        return self.stored is not None and (self.stored.request_id is not None or self.stored.alias_of is not None)


def create_completed(context: PmsWriteContext, told: PmsCounterpart, stamp: Stamp) -> ChangeSet:
    """The change by which the PMS has the appointment. A confirmation that was to wait for this goes out with it."""
    ours = _taken_over(context.appointment, told)
    follows = follow_appointment(context.request, ours, stamp)
    writes = [Edit(context.write, finish_write(context.write, WriteStatus.COMPLETE))]
    if context.cancel and context.cancel.attempts == 0:
        writes.append(Edit(context.cancel, make_due(context.cancel, stamp.at)))
    change = ChangeSet(
        stamp=stamp,
        action="write_completed",
        appointment=ours,
        alias=_alias(ours.after, told),
        pms_writes=tuple(writes),
        request=follows.request,
    )
    return _with_request_news(change, context) if context.is_current else change


def cancel_completed(context: PmsWriteContext, stamp: Stamp) -> ChangeSet:
    """The change by which the PMS has taken the appointment back."""
    write = Edit(context.write, finish_write(context.write, WriteStatus.COMPLETE))
    change = ChangeSet(stamp=stamp, action="write_completed", pms_writes=(write,))
    if context.appointment.cancel_id == context.write.id:
        gone = revise(context.appointment, cancel_id=None, status=AppointmentStatus.CANCELLED)
        change = replace(change, appointment=gone)
    if context.is_current and context.request.pms_write != "not_required":
        calm = revise(
            context.request, pms_write="not_required", pms_write_reason=None, attention=context.remaining_attention
        )
        change = replace(change, request=calm)
    return change


def write_lost(context: PmsWriteContext, status: WriteStatus, stamp: Stamp, reason: str | None = None) -> ChangeSet:
    """The change by which a write has failed or timed out: the front desk hears of it, with the PMS's reason.

    What could not be cancelled stands again. What could not be created keeps its time until the front desk decides.
    """
    write = Edit(context.write, finish_write(context.write, status, reason))
    change = ChangeSet(stamp=stamp, action=f"write_{status}", pms_writes=(write,))
    if context.write.kind == "cancel":
        return _still_there(change, context)
    if context.is_current:
        evidence = None if context.appointment.is_in_pms else context.request.pms_evidence or "awaited"
        return _asks_for_attention(change, context, pms_evidence=evidence)
    return _needs_no_cancel(change, context) if status is WriteStatus.FAILED else change


def _taken_over(ours: Appointment, told: PmsCounterpart) -> Edit[Appointment]:
    """Our appointment under the PMS's id, with all that the PMS has said of it."""
    facts: dict[str, Any] = {}
    if told.newest and not told.is_taken:
        facts = told.newest.model_dump(include={"status", "version", "deleted"})
        slot = told.newest.slot
        facts |= {
            "contradiction": told.newest.contradiction,
            "patient": told.newest.patient,
            "slot": ours.completed(slot) if slot else None,
        }
    return revise(ours, pms_id=told.pms_id, **facts)


def _alias(ours: Appointment, told: PmsCounterpart) -> Edit[Appointment] | None:
    if told.pms_id == ours.id or told.is_taken:
        return None
    nothing: dict[str, Any] = {
        "patient": None, "slot": None, "status": AppointmentStatus.CANCELLED, "deleted": True, "alias_of": ours.id,
    }  # fmt: skip
    if told.stored:
        return revise(told.stored, **nothing)
    return Edit(None, Appointment(id=told.pms_id, practice_id=ours.practice_id, origin="pms", **nothing))


def _with_request_news(change: ChangeSet, context: PmsWriteContext) -> ChangeSet:
    """The same with its news on the request, and with the letter that waited for it.

    Success asks nobody to do anything, so it makes no new revision: whoever has the request open may go on.
    """
    before = context.request
    followed = change.request.after if change.request else before
    news: dict[str, Any] = {"pms_write": "complete", "pms_write_reason": None}
    if before.pms_write != "queued":  # it was thought lost, and the front desk was asked to look
        news["revision"] = before.revision + 1
        if followed.attention == before.attention:
            news["attention"] = context.remaining_attention
    stands = change.appointment is not None and change.appointment.after.stands
    email = None
    if before.awaits_confirmation and stands:
        revision = news.get("revision", followed.revision)
        email = new_email(before, revision, EmailKind.CONFIRMATION, change.stamp.correlation_id, change.stamp.at)
        news |= {"outbox_id": email.outbox_id, "mail": "queued"}
    return replace(change, request=Edit(before, followed.model_copy(update=news)), email=email)


_REQUEST_FIELDS: dict[WriteStatus, tuple[PmsWriteStatus, Attention]] = {
    WriteStatus.FAILED: ("failed", Attention.WRITE_FAILED),
    WriteStatus.TIMED_OUT: ("timed_out", Attention.WRITE_TIMED_OUT),
}


def _asks_for_attention(change: ChangeSet, context: PmsWriteContext, **also: Any) -> ChangeSet:
    write = change.pms_writes[0].after
    shown, attention = _REQUEST_FIELDS[write.status]
    says: dict[str, Any] = {"pms_write_reason": write.reason, "attention": attention, **also}
    if context.is_current:
        says["pms_write"] = shown
    return replace(change, request=revise(context.request, **says))


def _still_there(change: ChangeSet, context: PmsWriteContext) -> ChangeSet:
    """A cancellation that did not happen: what the PMS is known to have stands again."""
    if context.appointment.cancel_id == context.write.id:
        back: dict[str, Any] = {"cancel_id": None}
        if not context.appointment.is_in_pms:
            back["status"] = AppointmentStatus.CANCELLED
        change = replace(change, appointment=revise(context.appointment, **back))
    return _asks_for_attention(change, context)


def _needs_no_cancel(change: ChangeSet, context: PmsWriteContext) -> ChangeSet:
    """A create that failed after its request was reopened: there is nothing to cancel."""
    if context.cancel is None or context.appointment.is_in_pms:
        return change
    gone = revise(context.appointment, cancel_id=None, status=AppointmentStatus.CANCELLED)
    needless = Edit(context.cancel, finish_write(context.cancel, WriteStatus.REVOKED))
    return replace(change, appointment=gone, pms_writes=(*change.pms_writes, needless))
