"""Reject a request."""

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.checks import check_decidable
from bookings.domain.decisions.close import reject
from bookings.domain.decisions.commands import Rejection
from bookings.domain.decisions.decision_change_set import add_decision_context, add_undo_window
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Move, Request
from bookings.use_cases.optimistic_transaction import (
    get_request,
    idempotent,
    load_decide_and_commit,
)
from bookings.use_cases.ports import BookingStore, PracticeRepository


@idempotent
def reject_request(
    practices: PracticeRepository, bookings: BookingStore, context: CommandContext, rejection: Rejection
) -> Request:
    """Reject the request. Takes two round trips."""

    def decision(practice: Practice, current: Snapshot) -> ChangeSet:
        request = get_request(current)
        check_decidable(request, Move.REJECT, context.revisions)
        return add_undo_window(add_decision_context(reject(request, rejection, context.stamp), practice), practice)

    return load_decide_and_commit(practices, bookings, context, decision)
