"""How every change of a request is carried out: decide on what was seen, commit, and think again if overtaken."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial, wraps
from typing import Concatenate, ParamSpec

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot, StaleSnapshot
from bookings.domain.kernel.errors import NotFound, Refusal, Unavailable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.use_cases.ports import BookingStore, PracticeRepository

MAX_ATTEMPTS = 5


def get_practice(practices: PracticeRepository, practice_id: str) -> Practice:
    """The practice; raises NotFound."""
    practice = practices.get(practice_id)
    if practice is None:
        raise NotFound("practice")
    return practice


def get_request(snapshot: Snapshot) -> Request:
    """The request that was seen; raises NotFound."""
    if snapshot.request is None:
        raise NotFound("request")
    return snapshot.request


def replayed_answer(context: CommandContext, snapshot: Snapshot) -> Request | None:
    """The first answer, if this call is a repetition."""
    return (
        context.idempotency_key.replay(snapshot.idempotency_record, Request)
        if context.idempotency_key and snapshot.idempotency_record
        else None
    )


_Asked = ParamSpec("_Asked")
_Operation = Callable[Concatenate[PracticeRepository, BookingStore, CommandContext, _Asked], Request]


def idempotent(operate: _Operation[_Asked]) -> _Operation[_Asked]:
    """The operation, which answers a repetition as it answered the first call, however close together they come.

    A batch read is no snapshot: it may bring a request that this very call's twin has just decided, and not yet the
    receipt that was written with it. So a refusal is not the last word before the receipt has been looked for again.
    """

    @wraps(operate)
    def operated(
        practices: PracticeRepository,
        bookings: BookingStore,
        context: CommandContext,
        /,
        *args: _Asked.args,
        **kwargs: _Asked.kwargs,
    ) -> Request:
        try:
            return operate(practices, bookings, context, *args, **kwargs)
        except Refusal:
            snapshot = (
                bookings.load(context.practice_id, idempotency_record_id=context.idempotency_record_id)
                if context.idempotency_key
                else Snapshot()
            )
            if answer := replayed_answer(context, snapshot):
                return answer
            raise

    return operated


def decide_and_commit(
    bookings: BookingStore, context: CommandContext, snapshot: Snapshot, decide: Callable[[Snapshot], ChangeSet]
) -> Request:
    """The request as it stands after the decision. `decide` is asked again whenever somebody else was faster."""
    for _ in range(MAX_ATTEMPTS):
        if answer := replayed_answer(context, snapshot):
            return answer
        change = decide(snapshot)
        after = change.decided
        if context.idempotency_key:
            change = replace(
                change, idempotency_record=context.idempotency_key.idempotency_record(after, context.stamp.at)
            )
        try:
            bookings.commit(change)
        except StaleSnapshot as stale:
            snapshot = snapshot.updated(stale)
        else:
            return after
    raise Unavailable


def load_decide_and_commit(
    practices: PracticeRepository,
    bookings: BookingStore,
    context: CommandContext,
    decision: Callable[[Practice, Snapshot], ChangeSet],
    *,
    appointment_id: str | None = None,
) -> Request:
    """Read the request, and the appointment if one is named, in one round trip; decide and write in the next."""
    practice = get_practice(practices, context.practice_id)
    snapshot = bookings.load(
        practice.id,
        request_id=context.request_id,
        appointment_id=appointment_id,
        idempotency_record_id=context.idempotency_record_id,
    )
    return decide_and_commit(bookings, context, snapshot, partial(decision, practice))
