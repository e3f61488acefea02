"""Late links: a watched request is linked by the PMS event that brings its appointment (DESIGN §3)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bookings.domain import decide
from bookings.domain.appointment import Appointment
from bookings.domain.change import Change, Edit, Stamp, edited
from bookings.domain.commands import Linking
from bookings.domain.match import Match
from bookings.domain.matching import best_matches, match_to_link
from bookings.domain.request import Attention, Request, Resolution


def waiting_for(appointment: Appointment, watched: Iterable[Request], stamp: Stamp) -> list[Request]:
    """The watched requests whose appointment this may be; none for one that has begun or is a request's already."""
    if not appointment.may_be_linked or appointment.slot is None or appointment.slot.begins <= stamp.at:
        return []
    return [request for request in watched if request.watch and best_matches(request.patient, [appointment])]


def matches_with(appointment: Appointment, request: Request, others: Iterable[Appointment]) -> list[Match]:
    """The patient's matches among the appointments that we knew and this one, as it is told now."""
    return best_matches(request.patient, [appointment, *(other for other in others if other.id != appointment.id)])


def late_link(request: Request, matches: Sequence[Match], edit: Edit[Appointment], stamp: Stamp) -> Change | None:
    """The change by which the event links the request too; None unless it brings the one certain match."""
    match = match_to_link(matches)
    if match is None or match.appointment.id != edit.after.id or request.watch is None:
        return None
    linking = Linking(appointment_id=edit.after.id, notify=request.watch.notify)
    change = decide.link(request, edit.after, linking, stamp, Resolution.AUTO_LINKED)
    # One edit of the appointment: what the event says of it, and whose it is now.
    return replace(change, appointment=Edit(edit.before, edit.after.model_copy(update={"request_id": request.id})))


def resurfaced(request: Request, stamp: Stamp) -> Change | None:
    """The change by which a request that has found something less sure asks for attention; None if it does already."""
    if request.attention is Attention.MATCH_FOUND:
        return None
    return Change(stamp=stamp, action="match_found", request=edited(request, attention=Attention.MATCH_FOUND))
