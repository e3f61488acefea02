"""Reopen a decided request."""

from dataclasses import replace

from bookings.domain.change_set import ChangeSet, CommandContext, Snapshot
from bookings.domain.decisions.checks import check_decidable
from bookings.domain.decisions.reopen import reopen
from bookings.domain.outbox.pms_write import create_write_id
from bookings.domain.requests.request import Move, Request
from bookings.use_cases.optimistic_transaction import (
    decide_and_commit,
    get_practice,
    get_request,
    idempotent,
)
from bookings.use_cases.ports import BookingStore, PracticeRepository


@idempotent
def reopen_request(practices: PracticeRepository, bookings: BookingStore, context: CommandContext) -> Request:
    """Undo a decision, so that the request is pending again. Two round trips, or three if it has an appointment."""
    get_practice(practices, context.practice_id)
    snapshot = _load_decided(bookings, context)

    def decision(current: Snapshot) -> ChangeSet:
        if current.pms_write != snapshot.pms_write:  # the outcome also changed request and appointment
            current = _load_decided(bookings, context)
        request = get_request(current)
        check_decidable(request, Move.REOPEN, context.revisions)
        return reopen(request, current.appointment, context.stamp, current.pms_write)

    return decide_and_commit(bookings, context, snapshot, decision)


def _load_decided(bookings: BookingStore, context: CommandContext) -> Snapshot:
    """The request with its appointment, and the PMS write that creates this."""
    snapshot = bookings.load(
        context.practice_id, request_id=context.request_id, idempotency_record_id=context.idempotency_record_id
    )
    appointment_id = snapshot.request.appointment_id if snapshot.request and not snapshot.idempotency_record else None
    if appointment_id is None:
        return snapshot
    loaded = bookings.load(context.practice_id, appointment_id=appointment_id, write_id=create_write_id(appointment_id))
    return replace(snapshot, appointment=loaded.appointment, pms_write=loaded.pms_write)
