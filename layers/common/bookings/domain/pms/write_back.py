"""What else becomes of a PMS write: a cancel that was carried out, and everything that went wrong."""

from dataclasses import replace
from typing import Any

from bookings.domain.change_set import Change, Edit, Stamp, edited
from bookings.domain.outbox.pms_write import WriteStatus, end
from bookings.domain.pms.affair import Affair
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import Attention, PmsWriteStatus

_SHOWN: dict[WriteStatus, tuple[PmsWriteStatus, Attention]] = {
    WriteStatus.FAILED: ("failed", Attention.WRITE_FAILED),
    WriteStatus.TIMED_OUT: ("timed_out", Attention.WRITE_TIMED_OUT),
}


def cancelled(affair: Affair, stamp: Stamp) -> Change:
    """The change by which the PMS has taken the appointment back."""
    write = Edit(affair.write, end(affair.write, WriteStatus.COMPLETE))
    change = Change(stamp=stamp, action="write_completed", pms_writes=(write,))
    if affair.appointment.cancel_id == affair.write.id:
        gone = edited(affair.appointment, cancel_id=None, status=AppointmentStatus.CANCELLED)
        change = replace(change, appointment=gone)
    if affair.is_the_requests and affair.request.pms_write != "not_required":
        calm = edited(affair.request, pms_write="not_required", pms_write_reason=None, attention=affair.attention_left)
        change = replace(change, request=calm)
    return change


def lost(affair: Affair, status: WriteStatus, stamp: Stamp, reason: str | None = None) -> Change:
    """The change by which a write has failed or timed out: the front desk hears of it, with the PMS's reason.

    What could not be cancelled stands again. What could not be created keeps its time until the front desk decides.
    """
    write = Edit(affair.write, end(affair.write, status, reason))
    change = Change(stamp=stamp, action=f"write_{status}", pms_writes=(write,))
    if affair.write.kind == "cancel":
        return _still_there(change, affair)
    if affair.is_the_requests:
        evidence = None if affair.appointment.is_in_pms else affair.request.pms_evidence or "awaited"
        return _asks_for_attention(change, affair, pms_evidence=evidence)
    return _needs_no_cancel(change, affair) if status is WriteStatus.FAILED else change


def _asks_for_attention(change: Change, affair: Affair, **also: Any) -> Change:
    write = change.pms_writes[0].after
    shown, attention = _SHOWN[write.status]
    says: dict[str, Any] = {"pms_write_reason": write.reason, "attention": attention, **also}
    if affair.is_the_requests:
        says["pms_write"] = shown
    return replace(change, request=edited(affair.request, **says))


def _still_there(change: Change, affair: Affair) -> Change:
    """A cancellation that did not happen: what the PMS is known to have stands again."""
    if affair.appointment.cancel_id == affair.write.id:
        back: dict[str, Any] = {"cancel_id": None}
        if not affair.appointment.is_in_pms:
            back["status"] = AppointmentStatus.CANCELLED
        change = replace(change, appointment=edited(affair.appointment, **back))
    return _asks_for_attention(change, affair)


def _needs_no_cancel(change: Change, affair: Affair) -> Change:
    """A create that failed after its request was reopened: there is nothing to cancel."""
    if affair.cancel is None or affair.appointment.is_in_pms:
        return change
    gone = edited(affair.appointment, cancel_id=None, status=AppointmentStatus.CANCELLED)
    needless = Edit(affair.cancel, end(affair.cancel, WriteStatus.WITHDRAWN))
    return replace(change, appointment=gone, pms_writes=(*change.pms_writes, needless))
