"""Late links: a watched request is linked by the PMS event that brings its appointment (DESIGN §3), or soon after."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.commands import Linking
from bookings.domain.decisions.link import link
from bookings.domain.kernel.errors import MoveNotAllowed
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.matching.candidate_ranking import match_to_link, rank_candidates
from bookings.domain.matching.match import Match
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import MOVES, Attention, Request, Resolution, Watch

INGEST_WINDOW = timedelta(seconds=30)
"""How long a batch of events may be in hand: API Gateway gives a function 29 seconds. One that was heard of less than
this before the watch was set may have been taken in after it, with nobody seeing it and no watch known."""


def is_new_since_watch(appointment: Appointment, watch: Watch) -> bool:
    """Whether we heard of it first when the front desk had said "later", so that it cannot have seen it by then."""
    return appointment.made_at is not None and appointment.made_at >= watch.at - INGEST_WINDOW


def watching_requests(edit: Edit[Appointment], watched_requests: Iterable[Request], stamp: Stamp) -> list[Request]:
    """The watched requests whose appointment this may be.

    None for one that has begun or is a request's already, and none that knew it as it is when they began to wait.
    """
    appointment = edit.after
    if not appointment.may_be_linked or appointment.slot is None or appointment.slot.begins <= stamp.at:
        return []
    has_changed = edit.before is None or _matching_facts(edit.before) != _matching_facts(appointment)
    return [
        request
        for request in watched_requests
        if request.watch
        and (has_changed or is_new_since_watch(appointment, request.watch))
        and rank_candidates(request.patient, [appointment])
    ]


def _matching_facts(appointment: Appointment) -> tuple[object, ...]:
    """What can make it somebody's appointment: an event may change anything else as well."""
    return appointment.may_be_linked, appointment.slot and appointment.slot.begins, appointment.patient


def matches_including(appointment: Appointment, request: Request, others: Iterable[Appointment]) -> list[Match]:
    """The patient's matches among the appointments that we knew and this one, as it is told now."""
    return rank_candidates(request.patient, [appointment, *(other for other in others if other.id != appointment.id)])


def auto_link(request: Request, matches: Sequence[Match], edit: Edit[Appointment], stamp: Stamp) -> ChangeSet | None:
    """The change by which the event links the request too; None unless it brings the one certain match.

    One that stood before the wait began is another visit: a recall in December that was moved, or told of again.
    """
    match = match_to_link(matches)
    if match is None or match.appointment.id != edit.after.id or request.watch is None:
        return None
    if not is_new_since_watch(edit.after, request.watch):
        return None
    linking = Linking(appointment_id=edit.after.id, notify=request.watch.notify)
    change = link(request, edit.after, linking, stamp, Resolution.AUTO_LINKED)
    # One edit of the appointment: what the event says of it, and whose it is now.
    return replace(change, appointment=Edit(edit.before, edit.after.model_copy(update={"request_id": request.id})))


def flag_possible_match(request: Request, stamp: Stamp) -> ChangeSet | None:
    """The change by which a request that has found something less sure asks for attention; None if it does already."""
    if request.attention is Attention.MATCH_FOUND:
        return None
    asks = revise(request, attention=Attention.MATCH_FOUND, look_again_at=None)  # whoever looks now sees all there is
    return ChangeSet(stamp=stamp, action="match_found", request=asks)


def recheck_watch(request: Request, matches: Sequence[Match], stamp: Stamp) -> ChangeSet:
    """The change that makes up for the events which came too close to the watch to know of it.

    What we had heard of before is neither linked nor brought up: the front desk saw it when it said "later". Where
    nothing was missed, only the look is over, which is no step of the request. Raises MoveNotAllowed where none is due.
    """
    if request.watch is None or request.look_again_at is None or request.look_again_at > stamp.at:
        raise MoveNotAllowed(
            "No look is due.", request_status=request.status, allowed_moves=sorted(MOVES[request.status])
        )
    news = [match.appointment for match in matches if is_new_since_watch(match.appointment, request.watch)]
    for appointment in news:
        if change := auto_link(request, matches, revise(appointment), stamp):
            return change
    looked = Edit(request, request.model_copy(update={"look_again_at": None}))
    return (flag_possible_match(request, stamp) if news else None) or ChangeSet(
        stamp=stamp, action="look_again", request=looked
    )
