"""Tell the patient of a request what is true now."""

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.checks import check_revision
from bookings.domain.decisions.notify import notify
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.use_cases.optimistic_transaction import (
    get_request,
    idempotent,
    load_decide_and_commit,
)
from bookings.use_cases.ports import BookingStore, PracticeRepository


@idempotent
def notify_patient(practices: PracticeRepository, bookings: BookingStore, context: CommandContext) -> Request:
    """Queue an e-mail that says what is true now. Takes two round trips."""

    def decision(_: Practice, current: Snapshot) -> ChangeSet:
        request = get_request(current)
        change = notify(request, context.stamp)
        check_revision(request, context.revisions)
        return change

    return load_decide_and_commit(practices, bookings, context, decision)
