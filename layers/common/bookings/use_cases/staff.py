"""What the front desk does with a request."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bookings.domain.case import Case
from bookings.domain.change_set import Change
from bookings.domain.decisions import decide
from bookings.domain.decisions.commands import Acceptance, Linking, Rejection, Watching
from bookings.domain.decisions.decision_context import noted
from bookings.domain.kernel.errors import ScheduleConflict
from bookings.domain.kernel.wall_time import local
from bookings.domain.matching.match import Match
from bookings.domain.outbox.pms_write import create_id
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Move, Request, Resolution
from bookings.domain.scheduling.availability import days_around, nearest_openings
from bookings.domain.scheduling.conflicts import sheets_of_days
from bookings.domain.scheduling.slot import Slot
from bookings.domain.seen import Seen
from bookings.use_cases.optimistic_transaction import already_answered, answered_once, practice_of, request_of, settle
from bookings.use_cases.ports import Bookings, Practices

OPENINGS_OFFERED = 5
OPENINGS_REACH = 3
"""Days on either side of the wanted one in which openings are looked for."""


@answered_once
def accept(practices: Practices, bookings: Bookings, case: Case, edits: Acceptance) -> Request:
    """Accept the request, with or without edits (DESIGN §3). Three round trips.

    Two are enough if the caller names the start and has said `different_appointment`: the day sheets are then read
    beside the request. Where the practice links by itself, a certain, unique match is linked instead, unless the front
    desk has edited anything: then it has something else in mind.
    """
    practice = practice_of(practices, case.practice_id)
    days = [local(edits.start, practice.zone, "start").date()] if edits.start else []
    seen = bookings.see(
        practice.id,
        request_id=case.request_id,
        receipt_id=case.receipt_id,
        sheets=sheets_of_days(practice, days),
    )
    if answer := already_answered(case, seen):
        return answer
    request = request_of(seen)
    decide.check_decidable(request, Move.ACCEPT, case.revision)
    decide.check_can_create(practice)
    wanted = decide.edited_slot(practice, request, edits)
    from bookings.domain.matching.candidate_ranking import match_to_link  # noqa: PLC0415  # as below: no other decision compares patients

    seen, matches = _look_around(bookings, practice, seen, wanted, edits, case)
    edited = edits.override or not decide.is_as_requested(request.requested, wanted)
    if practice.auto_link and not edited and (match := match_to_link(matches)):
        return _link_by_itself(bookings, practice, case, seen, match.appointment, edits)
    decide.check_no_match(matches)

    def decision(now_seen: Seen) -> Change:
        request = request_of(now_seen)
        decide.check_decidable(request, Move.ACCEPT, case.revision)
        change = decide.accept(practice, request, wanted, edits, now_seen.sheets, case.stamp, seen.sheets)
        return noted(change, practice)

    try:
        return settle(bookings, case, seen, decision)
    except ScheduleConflict as conflict:
        around = days_around(wanted, case.stamp.at, OPENINGS_REACH)
        seen = bookings.see(practice.id, request_id=case.request_id, sheets=sheets_of_days(practice, around))
        # The request was read before the sheets: what stands in its way there may be its own appointment by now.
        decide.check_decidable(request_of(seen), Move.ACCEPT, case.revision)
        openings = nearest_openings(practice, wanted, around, seen.sheets, case.stamp.at, OPENINGS_OFFERED)
        raise ScheduleConflict(**conflict.facts, openings=openings) from None


@answered_once
def link(practices: Practices, bookings: Bookings, case: Case, linking: Linking) -> Request:
    """Connect the request to an appointment that already stands. Two round trips."""

    def decision(practice: Practice, now_seen: Seen) -> Change:
        request = request_of(now_seen)
        decide.check_decidable(request, Move.LINK, case.revision)
        return noted(decide.link(request, now_seen.appointment, linking, case.stamp), practice)

    return _decide(practices, bookings, case, decision, appointment_id=linking.appointment_id)


@answered_once
def reject(practices: Practices, bookings: Bookings, case: Case, rejection: Rejection) -> Request:
    """Say no. Two round trips."""

    def decision(practice: Practice, now_seen: Seen) -> Change:
        request = request_of(now_seen)
        decide.check_decidable(request, Move.REJECT, case.revision)
        return noted(decide.reject(request, rejection, case.stamp), practice)

    return _decide(practices, bookings, case, decision)


@answered_once
def reopen(practices: Practices, bookings: Bookings, case: Case) -> Request:
    """Undo a decision, as if nothing had happened. Two round trips, or three where there is an appointment."""
    practice_of(practices, case.practice_id)
    seen = _see_decided(bookings, case)

    def decision(now_seen: Seen) -> Change:
        if now_seen.pms_write != seen.pms_write:  # the agent was faster, and has changed more than its write
            now_seen = _see_decided(bookings, case)
        request = request_of(now_seen)
        decide.check_decidable(request, Move.REOPEN, case.revision)
        return decide.reopen(request, now_seen.appointment, case.stamp, now_seen.pms_write)

    return settle(bookings, case, seen, decision)


@answered_once
def watch(practices: Practices, bookings: Bookings, case: Case, watching: Watching) -> Request:
    """Leave it for later: the PMS event that brings the appointment links it. Two round trips."""

    def decision(_: Practice, now_seen: Seen) -> Change:
        request = request_of(now_seen)
        decide.check_decidable(request, Move.LINK, case.revision)
        return decide.watch(request, watching, case.stamp)

    return _decide(practices, bookings, case, decision)


@answered_once
def dismiss(practices: Practices, bookings: Bookings, case: Case) -> Request:
    """Say that what asked for attention has been seen. Two round trips."""

    def decision(_: Practice, now_seen: Seen) -> Change:
        request = request_of(now_seen)
        decide.check_seen(request, case.revision)
        return decide.dismiss(request, case.stamp)

    return _decide(practices, bookings, case, decision)


def _see_decided(bookings: Bookings, case: Case) -> Seen:
    """The request with the appointment that it was decided into, and the PMS write that this was to come from."""
    seen = bookings.see(case.practice_id, request_id=case.request_id, receipt_id=case.receipt_id)
    appointment_id = seen.request.appointment_id if seen.request and not seen.receipt else None
    if appointment_id is None:
        return seen
    booked = bookings.see(case.practice_id, appointment_id=appointment_id, write_id=create_id(appointment_id))
    return replace(seen, appointment=booked.appointment, pms_write=booked.pms_write)


def _decide(
    practices: Practices,
    bookings: Bookings,
    case: Case,
    decision: Callable[[Practice, Seen], Change],
    *,
    appointment_id: str | None = None,
) -> Request:
    """Read the request, and the appointment if one is named, in one round trip; decide and write in the next."""
    practice = practice_of(practices, case.practice_id)
    seen = bookings.see(
        practice.id, request_id=case.request_id, appointment_id=appointment_id, receipt_id=case.receipt_id
    )
    return settle(bookings, case, seen, partial(decision, practice))


def _look_around(
    bookings: Bookings, practice: Practice, seen: Seen, wanted: Slot, edits: Acceptance, case: Case
) -> tuple[Seen, list[Match]]:
    """The day sheets that are still missing and, side by side, the appointments that the patient has already.

    Nobody looks for these once the caller has said that it is another one.
    """
    from bookings.domain.matching.candidate_ranking import best_matches  # noqa: PLC0415  # no other decision compares patients

    missing = [key for key in sheets_of_days(practice, wanted.days) if key not in seen.sheets]
    see_sheets = partial(bookings.see, practice.id, sheets=missing)
    if edits.different_appointment:
        more = see_sheets() if missing else Seen()
        return replace(seen, sheets={**seen.sheets, **more.sheets}), []
    patient = request_of(seen).patient
    find = partial(bookings.candidates, practice, patient, case.stamp.at)
    more, candidates = bookings.beside(see_sheets, find) if missing else (Seen(), find())
    return replace(seen, sheets={**seen.sheets, **more.sheets}), best_matches(patient, candidates)


def _link_by_itself(
    bookings: Bookings, practice: Practice, case: Case, seen: Seen, appointment: Appointment, edits: Acceptance
) -> Request:
    """The practice has asked for this: a certain, unique match is linked, and nobody is asked."""
    linking = Linking(appointment_id=appointment.id, notify=edits.notify)

    def decision(now_seen: Seen) -> Change:
        request = request_of(now_seen)
        decide.check_decidable(request, Move.LINK, case.revision)
        link = decide.link(request, now_seen.appointment, linking, case.stamp, Resolution.AUTO_LINKED)
        return noted(link, practice)

    return settle(bookings, case, replace(seen, appointment=appointment), decision)
