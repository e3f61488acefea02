"""Link a request to an appointment of the PMS."""

from dataclasses import replace

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.decisions.checks import check_can_notify
from bookings.domain.decisions.commands import Linking
from bookings.domain.decisions.decision_change_set import decide, decision_email, new_decision
from bookings.domain.kernel.errors import AppointmentCancelled, AppointmentTaken, NotFound
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import EmailKind
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.attention import Attention, Attentions
from bookings.domain.requests.request import Decision, Move, Request, Resolution


def link(
    request: Request,
    appointment: Appointment | None,
    linking: Linking,
    stamp: Stamp,
    resolution: Resolution = Resolution.LINKED,
) -> ChangeSet:
    """Link the request to an appointment of the PMS. The appointment's slot becomes the accepted slot.

    Raises NotFound, AppointmentCancelled or AppointmentTaken if the appointment cannot be linked.
    """
    linkable = _check_linkable(appointment)
    change = decide(
        request,
        new_decision(Move.LINK, stamp, notify=linking.notify, appointment_made_at=linkable.made_at),
        stamp,
        EmailKind.CONFIRMATION if linking.notify else None,
        resolution=resolution,
        accepted=linkable.slot,
        appointment_id=linkable.id,
        appointment_status=linkable.status,
    )
    return replace(change, appointment=revise(linkable, request_id=request.id))


def relink(
    request: Request, former: Appointment | None, appointment: Appointment | None, linking: Linking, stamp: Stamp
) -> ChangeSet:
    """Link an accepted request to the appointment that replaces the `former` one, which was cancelled in the PMS.

    It is no new decision: the request was accepted once, and its time to decision stays. Raises what `link` raises, and
    Invalid if the patient should be notified but must not get e-mails.
    """
    linkable = _check_linkable(appointment)
    if linking.notify:
        check_can_notify(request)
    email = decision_email(request, EmailKind.CONFIRMATION, stamp) if linking.notify else None
    after = revise(
        request,
        resolution=Resolution.LINKED,
        decision=_notifying(request, linking),
        accepted=linkable.slot,
        appointment_id=linkable.id,
        appointment_status=linkable.status,
        appointment_cancelled_at=None,
        pms_write="not_required",
        pms_write_reason=None,
        pms_evidence=None,
        attentions=_attentions(request, linkable, linking, stamp),
        notice_due_at=None,
        **(
            {"outbox_id": email.outbox_id, "mail": "queued", "mail_due_at": None, "mail_failure": None} if email else {}
        ),
    )
    return ChangeSet(
        stamp=stamp,
        action="relink",
        request=after,
        appointment=revise(linkable, request_id=request.id),
        former_appointment=revise(former, request_id=None) if former and former.request_id == request.id else None,
        email=email,
    )


def _check_linkable(appointment: Appointment | None) -> Appointment:
    if appointment is None:
        raise NotFound("appointment")
    if not appointment.is_active or appointment.slot is None:
        raise AppointmentCancelled
    if appointment.request_id is not None:
        raise AppointmentTaken
    return appointment


def _notifying(request: Request, linking: Linking) -> Decision | None:
    """The decision, with `notify` as it is now: a confirmation that waited for the former appointment never comes."""
    decision = request.decision
    notifies = linking.notify or (decision is not None and decision.notify and not request.awaits_confirmation)
    return decision and decision.model_copy(update={"notify": notifies})


def _attentions(request: Request, appointment: Appointment, linking: Linking, stamp: Stamp) -> Attentions:
    """What still needs attention: without an e-mail now, one that failed, and another start that the patient knows."""
    if linking.notify:
        return ()
    failed = (Attention.MAIL_FAILED,) if Attention.MAIL_FAILED in request.attentions else ()
    is_told_another = request.is_told_another_start(appointment, stamp.at)
    return (Attention.MOVED_IN_PMS, *failed) if is_told_another else failed
