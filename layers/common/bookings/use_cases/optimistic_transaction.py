"""Decide and commit with optimistic concurrency, and answer repeated calls with the first answer.

`domain/change_set.py` describes the steps (docs/adr/0001).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial, wraps
from typing import Concatenate, ParamSpec

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot, StaleSnapshot
from bookings.domain.kernel.errors import NotFound, Refusal, Unavailable
from bookings.domain.outbox.pms_write import create_write_id
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.use_cases.ports import BookingStore, PracticeRepository

MAX_ATTEMPTS = 5
"""Commits that are tried before the operation raises Unavailable."""


def get_practice(practices: PracticeRepository, practice_id: str) -> Practice:
    """The practice; raises NotFound."""
    practice = practices.get(practice_id)
    if practice is None:
        raise NotFound("practice")
    return practice


def get_request(snapshot: Snapshot) -> Request:
    """The request in the snapshot; raises NotFound."""
    if snapshot.request is None:
        raise NotFound("request")
    return snapshot.request


def replayed_answer(context: CommandContext, snapshot: Snapshot) -> Request | None:
    """The answer to the first call with the same idempotency key; None if this call is the first."""
    return (
        context.idempotency_key.replay(snapshot.idempotency_record, Request)
        if context.idempotency_key and snapshot.idempotency_record
        else None
    )


_Parameters = ParamSpec("_Parameters")
_Operation = Callable[Concatenate[PracticeRepository, BookingStore, CommandContext, _Parameters], Request]


def idempotent(operate: _Operation[_Parameters]) -> _Operation[_Parameters]:
    """An operation that answers repeated calls like the first, also if both run at the same time.

    A batch read is not isolated. It may return a request that the first call has just decided, without the idempotency
    record that was written in the same transaction, and the operation then refuses the call. So the record is read
    once more before a refusal is returned.
    """

    @wraps(operate)
    def replay_or_refuse(
        practices: PracticeRepository,
        bookings: BookingStore,
        context: CommandContext,
        /,
        *args: _Parameters.args,
        **kwargs: _Parameters.kwargs,
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

    return replay_or_refuse


def decide_and_commit(
    bookings: BookingStore, context: CommandContext, snapshot: Snapshot, decide: Callable[[Snapshot], ChangeSet]
) -> Request:
    """Decide, commit, and return the decided request. After a StaleSnapshot, decide again on the newer state.

    Raises what `decide` raises, and Unavailable after MAX_ATTEMPTS.
    """
    for _ in range(MAX_ATTEMPTS):
        if answer := replayed_answer(context, snapshot):
            return answer
        change = decide(snapshot)
        after = change.request_after
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


def load_with_appointment(bookings: BookingStore, context: CommandContext) -> Snapshot:
    """The request with its appointment, and the PMS write that creates this. Two round trips if it has one."""
    snapshot = bookings.load(
        context.practice_id, request_id=context.request_id, idempotency_record_id=context.idempotency_record_id
    )
    appointment_id = snapshot.request.appointment_id if snapshot.request and not snapshot.idempotency_record else None
    if appointment_id is None:
        return snapshot
    loaded = bookings.load(context.practice_id, appointment_id=appointment_id, write_id=create_write_id(appointment_id))
    return replace(snapshot, appointment=loaded.appointment, pms_write=loaded.pms_write)


def load_decide_and_commit(
    practices: PracticeRepository,
    bookings: BookingStore,
    context: CommandContext,
    decision: Callable[[Practice, Snapshot], ChangeSet],
    *,
    appointment_id: str | None = None,
) -> Request:
    """Load the request, and the appointment if an id is given, in one round trip; decide and commit in the next."""
    practice = get_practice(practices, context.practice_id)
    snapshot = bookings.load(
        practice.id,
        request_id=context.request_id,
        appointment_id=appointment_id,
        idempotency_record_id=context.idempotency_record_id,
    )
    return decide_and_commit(bookings, context, snapshot, partial(decision, practice))
