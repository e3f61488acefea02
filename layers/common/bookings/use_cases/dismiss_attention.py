"""Dismiss what asked for the front desk's attention."""

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.checks import check_revision
from bookings.domain.decisions.dismiss_attention import dismiss
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.use_cases.optimistic_transaction import (
    get_request,
    idempotent,
    load_decide_and_commit,
)
from bookings.use_cases.ports import BookingStore, PracticeRepository


@idempotent
def dismiss_attention(practices: PracticeRepository, bookings: BookingStore, context: CommandContext) -> Request:
    """Clear the request's attention. Takes two round trips."""

    def decision(_: Practice, current: Snapshot) -> ChangeSet:
        request = get_request(current)
        check_revision(request, context.revisions)
        return dismiss(request, context.stamp)

    return load_decide_and_commit(practices, bookings, context, decision)
