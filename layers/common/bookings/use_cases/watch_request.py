"""Watch a request until the PMS reports its appointment."""

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.checks import check_decidable
from bookings.domain.decisions.commands import Watching
from bookings.domain.decisions.watch import watch
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Move, Request
from bookings.use_cases.optimistic_transaction import (
    get_request,
    idempotent,
    load_decide_and_commit,
)
from bookings.use_cases.ports import BookingStore, PracticeRepository


@idempotent
def watch_request(
    practices: PracticeRepository, bookings: BookingStore, context: CommandContext, watching: Watching
) -> Request:
    """Watch the request: the PMS event with its appointment will link it. Takes two round trips."""

    def decision(_: Practice, current: Snapshot) -> ChangeSet:
        request = get_request(current)
        check_decidable(request, Move.LINK, context.revisions)
        return watch(request, watching, context.stamp)

    return load_decide_and_commit(practices, bookings, context, decision)
