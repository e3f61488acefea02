"""Link a request to an appointment of the PMS."""

from dataclasses import replace

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.decisions.commands import Linking
from bookings.domain.decisions.decision_change_set import decide, new_decision
from bookings.domain.kernel.errors import AppointmentCancelled, AppointmentTaken, NotFound
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import EmailKind
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Move, Request, Resolution


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
    if appointment is None:
        raise NotFound("appointment")
    if not appointment.is_active or appointment.slot is None:
        raise AppointmentCancelled
    if appointment.request_id is not None:
        raise AppointmentTaken
    change = decide(
        request,
        new_decision(Move.LINK, stamp, notify=linking.notify, appointment_made_at=appointment.made_at),
        stamp,
        EmailKind.CONFIRMATION if linking.notify else None,
        resolution=resolution,
        accepted=appointment.slot,
        appointment_id=appointment.id,
        appointment_status=appointment.status,
    )
    return replace(change, appointment=revise(appointment, request_id=request.id))
