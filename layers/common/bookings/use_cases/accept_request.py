"""Accept a request, with or without edits."""

from dataclasses import replace
from functools import partial

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.accept import accept, is_as_requested, slot_with_edits
from bookings.domain.decisions.checks import check_can_create, check_decidable, check_no_match
from bookings.domain.decisions.commands import Acceptance, Linking
from bookings.domain.decisions.decision_change_set import add_decision_context, add_undo_window
from bookings.domain.decisions.link import link
from bookings.domain.kernel.errors import ScheduleConflict
from bookings.domain.kernel.wall_time import to_local
from bookings.domain.matching.match import Match
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Move, Request, Resolution
from bookings.domain.scheduling.availability import days_around, nearest_openings, sheet_days
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
"""Openings that the refusal of a conflicting time offers, at most."""

OPENINGS_REACH = 3
"""Days before and after the wanted day that are searched for openings."""


@idempotent
def accept_request(
    practices: PracticeRepository, bookings: BookingStore, context: CommandContext, edits: Acceptance
) -> Request:
    """Accept the request, with or without edits. Takes three round trips.

    Two are enough if the edits contain `start` and `different_appointment`: the day sheets are then read together with
    the request. If the practice has `auto_link`, a single certain match is linked instead, unless the front desk has
    made edits: then it wants another appointment. Raises PossibleMatch for other matches, and ScheduleConflict with
    the nearest openings.
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
    check_decidable(request, Move.ACCEPT, context.revisions)
    check_can_create(practice)
    wanted = slot_with_edits(practice, request, edits)
    from bookings.domain.matching.candidate_ranking import find_linkable_match  # noqa: PLC0415  # as below: no other decision compares patients

    snapshot, matches = _load_sheets_and_matches(bookings, practice, snapshot, wanted, edits, context)
    is_edited = edits.override or not is_as_requested(request.requested, wanted)
    if practice.auto_link and not is_edited and (match := find_linkable_match(matches)):
        return _link_instead(bookings, practice, context, snapshot, match.appointment, edits)
    check_no_match(matches)

    def decision(current: Snapshot) -> ChangeSet:
        request = get_request(current)
        check_decidable(request, Move.ACCEPT, context.revisions)
        change = accept(practice, request, wanted, edits, current.sheets, context.stamp, snapshot.sheets)
        return add_undo_window(add_decision_context(change, practice), practice)

    try:
        return decide_and_commit(bookings, context, snapshot, decision)
    except ScheduleConflict as conflict:
        days = days_around(wanted, context.stamp.at, OPENINGS_REACH)
        keys = sheet_keys_on(practice, sheet_days(practice, days))
        snapshot = bookings.load(practice.id, request_id=context.request_id, sheets=keys)
        # Another call may have accepted the request after we read it. The conflict is then its own appointment.
        check_decidable(get_request(snapshot), Move.ACCEPT, context.revisions)
        openings = nearest_openings(practice, wanted, days, snapshot.sheets, context.stamp.at, OPENINGS_OFFERED)
        raise ScheduleConflict(**conflict.facts, openings=openings) from None


def _load_sheets_and_matches(
    bookings: BookingStore,
    practice: Practice,
    snapshot: Snapshot,
    wanted: Slot,
    edits: Acceptance,
    context: CommandContext,
) -> tuple[Snapshot, list[Match]]:
    """Add the missing day sheets to the snapshot and, concurrently, search for matching appointments of the patient.

    With `different_appointment` there is no search: the front desk has already seen the matches.
    """
    from bookings.domain.matching.candidate_ranking import find_matches  # noqa: PLC0415  # no other decision compares patients

    missing = [key for key in sheet_keys_on(practice, wanted.days) if key not in snapshot.sheets]
    load_sheets = partial(bookings.load, practice.id, sheets=missing)
    if edits.different_appointment:
        loaded = load_sheets() if missing else Snapshot()
        return replace(snapshot, sheets={**snapshot.sheets, **loaded.sheets}), []
    request = get_request(snapshot)
    load_candidates = partial(bookings.candidates, practice, request.patient, context.stamp.at)
    loaded, candidates = bookings.run_both(load_sheets, load_candidates) if missing else (Snapshot(), load_candidates())
    return replace(snapshot, sheets={**snapshot.sheets, **loaded.sheets}), find_matches(request, candidates)


def _link_instead(
    bookings: BookingStore,
    practice: Practice,
    context: CommandContext,
    snapshot: Snapshot,
    appointment: Appointment,
    edits: Acceptance,
) -> Request:
    """Link the request to its single certain match, because the practice has `auto_link`."""
    linking = Linking(appointment_id=appointment.id, notify=edits.notify)

    def decision(current: Snapshot) -> ChangeSet:
        request = get_request(current)
        check_decidable(request, Move.LINK, context.revisions)
        change = link(request, current.appointment, linking, context.stamp, Resolution.AUTO_LINKED)
        return add_undo_window(add_decision_context(change, practice), practice)

    return decide_and_commit(bookings, context, replace(snapshot, appointment=appointment), decision)
