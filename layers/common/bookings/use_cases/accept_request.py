"""Accept a request, with or without edits."""

from dataclasses import replace
from functools import partial

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.accept import accept, is_as_requested, slot_with_edits
from bookings.domain.decisions.checks import check_can_create, check_decidable, check_no_match
from bookings.domain.decisions.commands import Acceptance, Linking
from bookings.domain.decisions.decision import add_decision_context
from bookings.domain.decisions.link import link
from bookings.domain.kernel.errors import ScheduleConflict
from bookings.domain.kernel.wall_time import to_local
from bookings.domain.matching.match import Match
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Move, Request, Resolution
from bookings.domain.scheduling.availability import days_around, nearest_openings
from bookings.domain.scheduling.day_sheet import sheet_keys_on
from bookings.domain.scheduling.slot import Slot
from bookings.use_cases.optimistic_transaction import (
    decide_and_commit,
    get_practice,
    get_request,
    idempotent,
    replayed_answer,
)
from bookings.use_cases.ports import BookingStore, PracticeRepository

OPENINGS_OFFERED = 5
OPENINGS_REACH = 3
"""Days on either side of the wanted one in which openings are looked for."""


@idempotent
def accept_request(
    practices: PracticeRepository, bookings: BookingStore, context: CommandContext, edits: Acceptance
) -> Request:
    """Accept the request, with or without edits (DESIGN §3). Three round trips.

    Two are enough if the caller names the start and has said `different_appointment`: the day sheets are then read
    beside the request. Where the practice links by itself, a certain, unique match is linked instead, unless the front
    desk has edited anything: then it has something else in mind.
    """
    practice = get_practice(practices, context.practice_id)
    days = [to_local(edits.start, practice.zone, "start").date()] if edits.start else []
    snapshot = bookings.load(
        practice.id,
        request_id=context.request_id,
        idempotency_record_id=context.idempotency_record_id,
        sheets=sheet_keys_on(practice, days),
    )
    if answer := replayed_answer(context, snapshot):
        return answer
    request = get_request(snapshot)
    check_decidable(request, Move.ACCEPT, context.revision)
    check_can_create(practice)
    wanted = slot_with_edits(practice, request, edits)
    from bookings.domain.matching.candidate_ranking import match_to_link  # noqa: PLC0415  # as below: no other decision compares patients

    snapshot, matches = _look_around(bookings, practice, snapshot, wanted, edits, context)
    edited = edits.override or not is_as_requested(request.requested, wanted)
    if practice.auto_link and not edited and (match := match_to_link(matches)):
        return _link_by_itself(bookings, practice, context, snapshot, match.appointment, edits)
    check_no_match(matches)

    def decision(current: Snapshot) -> ChangeSet:
        request = get_request(current)
        check_decidable(request, Move.ACCEPT, context.revision)
        change = accept(practice, request, wanted, edits, current.sheets, context.stamp, snapshot.sheets)
        return add_decision_context(change, practice)

    try:
        return decide_and_commit(bookings, context, snapshot, decision)
    except ScheduleConflict as conflict:
        around = days_around(wanted, context.stamp.at, OPENINGS_REACH)
        snapshot = bookings.load(practice.id, request_id=context.request_id, sheets=sheet_keys_on(practice, around))
        # The request was read before the sheets: what stands in its way there may be its own appointment by now.
        check_decidable(get_request(snapshot), Move.ACCEPT, context.revision)
        openings = nearest_openings(practice, wanted, around, snapshot.sheets, context.stamp.at, OPENINGS_OFFERED)
        raise ScheduleConflict(**conflict.facts, openings=openings) from None


def _look_around(
    bookings: BookingStore,
    practice: Practice,
    snapshot: Snapshot,
    wanted: Slot,
    edits: Acceptance,
    context: CommandContext,
) -> tuple[Snapshot, list[Match]]:
    """The day sheets that are still missing and, side by side, the appointments that the patient has already.

    Nobody looks for these once the caller has said that it is another one.
    """
    from bookings.domain.matching.candidate_ranking import rank_candidates  # noqa: PLC0415  # no other decision compares patients

    missing = [key for key in sheet_keys_on(practice, wanted.days) if key not in snapshot.sheets]
    see_sheets = partial(bookings.load, practice.id, sheets=missing)
    if edits.different_appointment:
        more = see_sheets() if missing else Snapshot()
        return replace(snapshot, sheets={**snapshot.sheets, **more.sheets}), []
    patient = get_request(snapshot).patient
    find = partial(bookings.candidates, practice, patient, context.stamp.at)
    more, candidates = bookings.run_both(see_sheets, find) if missing else (Snapshot(), find())
    return replace(snapshot, sheets={**snapshot.sheets, **more.sheets}), rank_candidates(patient, candidates)


def _link_by_itself(
    bookings: BookingStore,
    practice: Practice,
    context: CommandContext,
    snapshot: Snapshot,
    appointment: Appointment,
    edits: Acceptance,
) -> Request:
    """The practice has asked for this: a certain, unique match is linked, and nobody is asked."""
    linking = Linking(appointment_id=appointment.id, notify=edits.notify)

    def decision(current: Snapshot) -> ChangeSet:
        request = get_request(current)
        check_decidable(request, Move.LINK, context.revision)
        change = link(request, current.appointment, linking, context.stamp, Resolution.AUTO_LINKED)
        return add_decision_context(change, practice)

    return decide_and_commit(bookings, context, replace(snapshot, appointment=appointment), decision)
