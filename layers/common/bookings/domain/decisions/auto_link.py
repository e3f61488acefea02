"""Late links: a watched request is linked by the PMS event that brings its appointment (DESIGN §3), or soon after."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from bookings.domain.change_set import Change, Edit, Stamp, edited
from bookings.domain.decisions import decide
from bookings.domain.decisions.commands import Linking
from bookings.domain.kernel.errors import MoveNotAllowed
from bookings.domain.matching.candidate_ranking import best_matches, match_to_link
from bookings.domain.matching.match import Match
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import MOVES, Attention, Request, Resolution, Watch

IN_HAND = timedelta(seconds=30)
"""How long a batch of events may be in hand: API Gateway gives a function 29 seconds. One that was heard of less than
this before the watch was set may have been taken in after it, with nobody seeing it and no watch known."""


def is_news(appointment: Appointment, watch: Watch) -> bool:
    """Whether we heard of it first when the front desk had said "later", so that it cannot have seen it by then."""
    return appointment.made_at is not None and appointment.made_at >= watch.at - IN_HAND


def waiting_for(edit: Edit[Appointment], watched: Iterable[Request], stamp: Stamp) -> list[Request]:
    """The watched requests whose appointment this may be.

    None for one that has begun or is a request's already, and none that knew it as it is when they began to wait.
    """
    appointment = edit.after
    if not appointment.may_be_linked or appointment.slot is None or appointment.slot.begins <= stamp.at:
        return []
    has_changed = edit.before is None or _asked_about(edit.before) != _asked_about(appointment)
    return [
        request
        for request in watched
        if request.watch
        and (has_changed or is_news(appointment, request.watch))
        and best_matches(request.patient, [appointment])
    ]


def _asked_about(appointment: Appointment) -> tuple[object, ...]:
    """What can make it somebody's appointment: an event may change anything else as well."""
    return appointment.may_be_linked, appointment.slot and appointment.slot.begins, appointment.patient


def matches_with(appointment: Appointment, request: Request, others: Iterable[Appointment]) -> list[Match]:
    """The patient's matches among the appointments that we knew and this one, as it is told now."""
    return best_matches(request.patient, [appointment, *(other for other in others if other.id != appointment.id)])


def late_link(request: Request, matches: Sequence[Match], edit: Edit[Appointment], stamp: Stamp) -> Change | None:
    """The change by which the event links the request too; None unless it brings the one certain match.

    One that stood before the wait began is another visit: a recall in December that was moved, or told of again.
    """
    match = match_to_link(matches)
    if match is None or match.appointment.id != edit.after.id or request.watch is None:
        return None
    if not is_news(edit.after, request.watch):
        return None
    linking = Linking(appointment_id=edit.after.id, notify=request.watch.notify)
    change = decide.link(request, edit.after, linking, stamp, Resolution.AUTO_LINKED)
    # One edit of the appointment: what the event says of it, and whose it is now.
    return replace(change, appointment=Edit(edit.before, edit.after.model_copy(update={"request_id": request.id})))


def resurfaced(request: Request, stamp: Stamp) -> Change | None:
    """The change by which a request that has found something less sure asks for attention; None if it does already."""
    if request.attention is Attention.MATCH_FOUND:
        return None
    asks = edited(request, attention=Attention.MATCH_FOUND, look_again_at=None)  # whoever looks now sees all there is
    return Change(stamp=stamp, action="match_found", request=asks)


def second_look(request: Request, matches: Sequence[Match], stamp: Stamp) -> Change:
    """The change that makes up for the events which came too close to the watch to know of it.

    What we had heard of before is neither linked nor brought up: the front desk saw it when it said "later". Where
    nothing was missed, only the look is over, which is no step of the request. Raises MoveNotAllowed where none is due.
    """
    if request.watch is None or request.look_again_at is None or request.look_again_at > stamp.at:
        raise MoveNotAllowed(
            "No look is due.", request_status=request.status, allowed_moves=sorted(MOVES[request.status])
        )
    news = [match.appointment for match in matches if is_news(match.appointment, request.watch)]
    for appointment in news:
        if change := late_link(request, matches, edited(appointment), stamp):
            return change
    looked = Edit(request, request.model_copy(update={"look_again_at": None}))
    return (resurfaced(request, stamp) if news else None) or Change(stamp=stamp, action="look_again", request=looked)
