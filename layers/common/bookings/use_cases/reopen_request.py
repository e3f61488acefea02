"""Reopen a decided request."""

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.checks import check_decidable
from bookings.domain.decisions.commands import Reopening
from bookings.domain.decisions.reopen import reopen
from bookings.domain.requests.request import Move, Request
from bookings.use_cases.optimistic_transaction import (
    decide_and_commit,
    get_practice,
    get_request,
    idempotent,
    load_with_appointment,
)
from bookings.use_cases.ports import BookingStore, PracticeRepository


@idempotent
def reopen_request(
    practices: PracticeRepository, bookings: BookingStore, context: CommandContext, reopening: Reopening
) -> Request:
    """Undo a decision, so that the request is pending again. Two round trips, or three if it has an appointment."""
    get_practice(practices, context.practice_id)
    snapshot = load_with_appointment(bookings, context)

    def decision(current: Snapshot) -> ChangeSet:
        if current.pms_write != snapshot.pms_write:  # the outcome also changed request and appointment
            current = load_with_appointment(bookings, context)
        request = get_request(current)
        check_decidable(request, Move.REOPEN, context.revisions)
        return reopen(request, current.appointment, context.stamp, current.pms_write, notify=reopening.notify)

    return decide_and_commit(bookings, context, snapshot, decision)
