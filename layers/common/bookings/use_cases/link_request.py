"""Link a request to an appointment of the PMS."""

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.checks import check_decidable
from bookings.domain.decisions.commands import Linking
from bookings.domain.decisions.decision_change_set import add_decision_context, add_undo_window
from bookings.domain.decisions.link import link, relink
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Move, Request, Status
from bookings.use_cases.optimistic_transaction import (
    get_request,
    idempotent,
    load_decide_and_commit,
)
from bookings.use_cases.ports import BookingStore, PracticeRepository


@idempotent
def link_request(
    practices: PracticeRepository, bookings: BookingStore, context: CommandContext, linking: Linking
) -> Request:
    """Link the request to an existing appointment. Takes two round trips, and one more for an accepted request.

    An accepted request that has lost its appointment leaves that one, which is read for it.
    """

    def decision(practice: Practice, current: Snapshot) -> ChangeSet:
        request = get_request(current)
        check_decidable(request, Move.LINK, context.revisions)
        if request.status is Status.ACCEPTED:
            former = bookings.load(practice.id, appointment_id=request.appointment_id).appointment
            change = relink(request, former, current.appointment, linking, context.stamp)
            return add_undo_window(change, practice)
        change = link(request, current.appointment, linking, context.stamp)
        return add_undo_window(add_decision_context(change, practice), practice)

    return load_decide_and_commit(practices, bookings, context, decision, appointment_id=linking.appointment_id)
