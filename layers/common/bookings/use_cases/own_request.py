"""What a patient does with their own request: read it, withdraw it."""

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.reject import withdraw
from bookings.domain.kernel.errors import NotFound
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.manage_token import ManageToken
from bookings.domain.requests.request import Move, Request, check_move
from bookings.use_cases.optimistic_transaction import decide_and_commit, get_practice, get_request, idempotent
from bookings.use_cases.ports import BookingStore, PracticeRepository


def read_own_request(practices: PracticeRepository, bookings: BookingStore, token: str) -> tuple[Practice, Request]:
    """The patient's own request. Changes nothing."""
    named = ManageToken.parse(token)
    practice = get_practice(practices, named.practice_id)
    return practice, _opened(bookings.load(practice.id, request_id=named.request_id), named)


def withdraw_request(
    practices: PracticeRepository,
    bookings: BookingStore,
    token: str,
    idempotency_key: IdempotencyKey | None,
    stamp: Stamp,
) -> tuple[Practice, Request]:
    """Take the request back."""
    named = ManageToken.parse(token)
    practice = get_practice(practices, named.practice_id)
    context = CommandContext(practice.id, named.request_id, 0, idempotency_key, stamp)
    return practice, _withdraw(practices, bookings, context, named)


@idempotent
def _withdraw(_: PracticeRepository, bookings: BookingStore, context: CommandContext, token: ManageToken) -> Request:
    snapshot = bookings.load(
        context.practice_id, request_id=context.request_id, idempotency_record_id=context.idempotency_record_id
    )

    def decision(current: Snapshot) -> ChangeSet:
        request = _opened(current, token)
        check_move(request, Move.WITHDRAW)
        return withdraw(request, context.stamp)

    return decide_and_commit(bookings, context, snapshot, decision)


def _opened(snapshot: Snapshot, token: ManageToken) -> Request:
    request = get_request(snapshot)
    if not token.opens(request):
        raise NotFound("request")
    return request
