"""Link watched requests automatically.

This happens on the PMS event that reports the appointment, or on the recheck of the watch. The front desk sets a watch
("I'll do this later") when it will enter the appointment into the PMS itself. Only a certain, unique match is linked. A
less certain one sets the request's attention.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.commands import Linking
from bookings.domain.decisions.link import link
from bookings.domain.kernel.errors import MoveNotAllowed
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.matching.candidate_ranking import find_linkable_match, rank_candidates
from bookings.domain.matching.match import Match
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.attention import Attention, add_attention
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request, Resolution, Watch, allowed_moves

INGEST_WINDOW = timedelta(seconds=30)
"""How long the ingest of a batch of events may take: API Gateway's timeout is 29 seconds.

An appointment first seen within this window before the watch may have been stored after it and missed by it.
"""


def is_new_since_watch(appointment: Appointment, watch: Watch) -> bool:
    """Whether the appointment was first received after the watch was set, or just before (INGEST_WINDOW)."""
    return appointment.made_at is not None and appointment.made_at >= watch.at - INGEST_WINDOW


def matching_watched_requests(
    edit: Edit[Appointment], watched_requests: Iterable[Request], stamp: Stamp
) -> list[Request]:
    """The watched requests that the appointment matches.

    None if the appointment has begun or is already linked. A request whose watch is newer than the appointment is
    included only if this edit changes something that matching uses.
    """
    appointment = edit.after
    if not appointment.is_linkable or appointment.slot is None or appointment.slot.begins <= stamp.at:
        return []
    has_changed = edit.before is None or _matching_values(edit.before) != _matching_values(appointment)
    return [
        request
        for request in watched_requests
        if request.watch
        and (has_changed or is_new_since_watch(appointment, request.watch))
        and rank_candidates(request.patient, [appointment])
    ]


def _matching_values(appointment: Appointment) -> tuple[object, ...]:
    """The values that decide which requests an appointment matches."""
    return appointment.is_linkable, appointment.slot and appointment.slot.begins, appointment.patient


def matches_including(appointment: Appointment, request: Request, stored: Iterable[Appointment]) -> list[Match]:
    """The patient's matches among the stored appointments and this one, which replaces its stored state."""
    others = (candidate for candidate in stored if candidate.id != appointment.id)
    return rank_candidates(request.patient, [appointment, *others])


def auto_link(request: Request, matches: Sequence[Match], edit: Edit[Appointment], stamp: Stamp) -> ChangeSet | None:
    """Apply the edit and link the request to its appointment; None unless that is the one certain match.

    An appointment from before the watch is never linked: it is another visit, such as a recall that was moved.
    """
    match = find_linkable_match(matches)
    if match is None or match.appointment.id != edit.after.id or request.watch is None:
        return None
    if not is_new_since_watch(edit.after, request.watch):
        return None
    linking = Linking(appointment_id=edit.after.id, notify=request.watch.notify and request.can_notify)
    change = link(request, edit.after, linking, stamp, Resolution.AUTO_LINKED)
    # A change set edits each entity once, so the edit of the event and that of the link become one.
    return replace(change, appointment=Edit(edit.before, edit.after.model_copy(update={"request_id": request.id})))


def flag_possible_match(request: Request, stamp: Stamp) -> ChangeSet | None:
    """Set the attention for a match that is not certain; None if the request has it already.

    No recheck is needed any more, because the front desk now looks at all candidates.
    """
    if Attention.MATCH_FOUND in request.attentions:
        return None
    attentions = add_attention(request.attentions, Attention.MATCH_FOUND)
    edit = revise(request, attentions=attentions, look_again_at=None)
    return ChangeSet(stamp=stamp, action="match_found", request=edit)


def has_new_match(request: Request, corrected: Patient, candidates: Iterable[Appointment]) -> bool:
    """Whether the corrected patient of the request has a match that can be linked and that was none before."""
    linkable = [appointment for appointment in candidates if appointment.is_linkable]
    known = {match.appointment.id for match in rank_candidates(request.patient, linkable)}
    return any(match.appointment.id not in known for match in rank_candidates(corrected, linkable))


def recheck_watch(request: Request, matches: Sequence[Match], stamp: Stamp) -> ChangeSet:
    """Check a watched request again, for appointments that were being processed when it was set.

    Such an appointment is linked or gets attention. Older appointments do not count, because the front desk saw them
    when it set the watch. If there is no new one, only `look_again_at` is cleared, without a new revision. Raises
    MoveNotAllowed if no recheck is due.
    """
    if request.watch is None or request.look_again_at is None or request.look_again_at > stamp.at:
        raise MoveNotAllowed(
            "No recheck of this request is due.",
            request_status=request.status,
            allowed_moves=sorted(allowed_moves(request)),
        )
    new_appointments = [
        match.appointment
        for match in matches
        if match.appointment.is_linkable and is_new_since_watch(match.appointment, request.watch)
    ]
    for appointment in new_appointments:
        if change := auto_link(request, matches, revise(appointment), stamp):
            return change
    if new_appointments and (change := flag_possible_match(request, stamp)):
        return change
    rechecked = Edit(request, request.model_copy(update={"look_again_at": None}))
    return ChangeSet(stamp=stamp, action="look_again", request=rechecked)
