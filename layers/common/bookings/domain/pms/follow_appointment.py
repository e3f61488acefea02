"""What an event about an appointment changes on the request that is linked to it."""

from dataclasses import replace
from datetime import datetime, timedelta

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.attention import Attention, Attentions, add_attention, remove_attention
from bookings.domain.requests.request import Request

QUIET_TIME = timedelta(minutes=10)
"""How long an appointment must not move before its patient is told. Staff often drag one more than once."""


def follow_appointment(request: Request | None, edit: Edit[Appointment], stamp: Stamp) -> ChangeSet:
    """The change set of an event. A request that is linked to the appointment gets its slot and status.

    If the appointment has become another person's, the two let go of each other instead.
    """
    after = edit.after
    change = ChangeSet(stamp=stamp, action="pms_changed", appointment=edit)
    if request is None or request.appointment_id != after.id:
        return change
    if has_changed_patient(request, edit):
        return let_go(request, edit, stamp)
    fields = {
        "accepted": after.slot or request.accepted,
        "appointment_status": after.status,
        "appointment_cancelled_at": _cancelled_at(request, after, stamp),
        "attentions": _attentions(request, after, stamp.at),
        "pms_evidence": None,
    }
    if all(getattr(request, name) == value for name, value in fields.items()):
        return change
    return replace(change, request=revise(request, **fields))


def schedule_notice(change: ChangeSet, practice: Practice) -> ChangeSet:
    """The change set of an event, with the time of the automatic notice if it has moved a visit.

    A further move sets a later time. The notice ends with the attention `moved_in_pms`: see
    `Request.automatic_notice_at`.
    """
    edit = change.request
    if edit is None or edit.before is None or not _has_moved(edit.before, edit.after):
        return change
    due_at = change.stamp.at + QUIET_TIME if practice.notify_moves_automatically else None
    return replace(change, request=Edit(edit.before, edit.after.model_copy(update={"notice_due_at": due_at})))


def has_changed_patient(request: Request, edit: Edit[Appointment]) -> bool:
    """Whether the linked appointment has become another person's, compared with the request's own patient."""
    from bookings.domain.matching.same_person import has_become_another_person  # noqa: PLC0415  # loads the comparison of names, which time-outs of writes do not need

    before = edit.before.patient if edit.before else None
    return has_become_another_person(request.patient, before, edit.after.patient)


def let_go(request: Request, edit: Edit[Appointment], stamp: Stamp) -> ChangeSet:
    """Apply the edit, and unlink request and appointment from each other, because the appointment is another person's.

    `accepted` stays as it was, so nothing of the other person's visit is shown to our patient. For requests, the
    appointment is a new one from now on.
    """
    released = edit.after.model_copy(update={"request_id": None, "made_at": stamp.at})
    attentions = remove_attention(request.attentions, Attention.MOVED_IN_PMS)
    after = revise(
        request,
        appointment_id=None,
        appointment_status=AppointmentStatus.CANCELLED,
        appointment_cancelled_at=request.appointment_cancelled_at or stamp.at,
        pms_evidence=None,
        attentions=add_attention(attentions, Attention.PATIENT_CHANGED_IN_PMS),
    )
    return ChangeSet(stamp=stamp, action="patient_changed", appointment=Edit(edit.before, released), request=after)


def _attentions(request: Request, appointment: Appointment, now: datetime) -> Attentions:
    """The request's attentions after the event.

    A cancellation sets one and a restoration ends it. A move sets one where an e-mail may have told the patient another
    start and the visit is ahead. It ends when the appointment is moved back or cancelled. One that was dismissed comes
    back only with another cancellation or move.
    """
    was_cancelled = request.appointment_status is AppointmentStatus.CANCELLED
    if not appointment.is_active:
        attentions = remove_attention(request.attentions, Attention.MOVED_IN_PMS)
        return attentions if was_cancelled else add_attention(attentions, Attention.CANCELLED_IN_PMS)
    attentions = remove_attention(request.attentions, Attention.CANCELLED_IN_PMS)
    if not request.is_told_another_start(appointment, now):
        return remove_attention(attentions, Attention.MOVED_IN_PMS)
    start = appointment.slot and appointment.slot.begins
    has_moved = was_cancelled or request.accepted is None or request.accepted.begins != start
    return add_attention(attentions, Attention.MOVED_IN_PMS) if has_moved else attentions


def _cancelled_at(request: Request, appointment: Appointment, stamp: Stamp) -> datetime | None:
    """When we learned that the PMS had cancelled the appointment; None while it is active."""
    if appointment.is_active:
        return None
    is_newly_cancelled = request.appointment_status is not AppointmentStatus.CANCELLED
    return stamp.at if is_newly_cancelled else request.appointment_cancelled_at


def _has_moved(before: Request, after: Request) -> bool:
    """Whether the attention for a move is new, or stands for another start than before."""
    if Attention.MOVED_IN_PMS not in after.attentions:
        return False
    return Attention.MOVED_IN_PMS not in before.attentions or before.expected_at != after.expected_at
