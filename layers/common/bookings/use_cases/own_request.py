"""Read and withdraw a request with the patient's manage token."""

from datetime import datetime

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.close import withdraw
from bookings.domain.kernel.errors import NotFound
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.manage_token import ManageToken
from bookings.domain.requests.request import Move, Request, check_move
from bookings.use_cases.optimistic_transaction import decide_and_commit, get_request, idempotent
from bookings.use_cases.ports import BookingStore, PracticeRepository


def read_own_request(
    practices: PracticeRepository, bookings: BookingStore, token: str, now: datetime
) -> tuple[Practice, Request]:
    """The request of this token, and its practice; raises NotFound for a token that is wrong or has ended."""
    manage_token = ManageToken.parse(token)
    practice = _get_practice_of(practices, manage_token)
    snapshot = bookings.load(practice.id, request_id=manage_token.request_id)
    return practice, _get_own_request(snapshot, manage_token, now)


def withdraw_request(
    practices: PracticeRepository,
    bookings: BookingStore,
    token: str,
    idempotency_key: IdempotencyKey | None,
    stamp: Stamp,
) -> tuple[Practice, Request]:
    """Withdraw the request of this token.

    Raises NotFound as `read_own_request` does, MoveNotAllowed or AlreadyDecided.
    """
    manage_token = ManageToken.parse(token)
    practice = _get_practice_of(practices, manage_token)
    context = CommandContext(practice.id, manage_token.request_id, (), idempotency_key, stamp)
    return practice, _withdraw(practices, bookings, context, manage_token)


@idempotent
def _withdraw(_: PracticeRepository, bookings: BookingStore, context: CommandContext, token: ManageToken) -> Request:
    snapshot = bookings.load(
        context.practice_id, request_id=context.request_id, idempotency_record_id=context.idempotency_record_id
    )

    def decision(current: Snapshot) -> ChangeSet:
        request = _get_own_request(current, token, context.stamp.at)
        check_move(request, Move.WITHDRAW)
        return withdraw(request, context.stamp)

    return decide_and_commit(bookings, context, snapshot, decision)


def _get_practice_of(practices: PracticeRepository, token: ManageToken) -> Practice:
    practice = practices.get(token.practice_id)
    if practice is None:
        raise NotFound("request")  # a token names a request; whether its practice exists is not its holder's question
    return practice


def _get_own_request(snapshot: Snapshot, token: ManageToken, now: datetime) -> Request:
    request = get_request(snapshot)
    if not token.opens(request, now):
        raise NotFound("request")
    return request
