"""Lease due PMS writes to a PMS sync agent that pulls them."""

from collections.abc import Sequence
from datetime import datetime

from bookings.domain.change_set import ChangeSet, Edit, StaleSnapshot
from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.kernel.idempotency import WEBHOOK_ID_TTL, IdempotencyKey, IdempotencyRecord
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.pms_write import PmsWrite, lease_write
from bookings.domain.practice.agent import Agent
from bookings.domain.requests.appointment import Appointment
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS
from bookings.use_cases.ports import BookingStore

LeasedWrite = tuple[PmsWrite, Appointment]


class LeasedWriteIds(Entity):
    """The ids of the leased writes. The idempotency record keeps only these, so it has no personal data."""

    write_ids: tuple[str, ...]


def pull_pms_writes(
    bookings: BookingStore, agent: Agent, limit: int, idempotency_key: IdempotencyKey, stamp: Stamp
) -> list[LeasedWrite]:
    """Lease due writes to the agent. A write is leased to one pull at a time. Three round trips, one if none is due.

    If the agent repeats a delivery, for instance after a lost answer, it gets the writes that it still has leased.
    """
    snapshot, due = bookings.run_both(
        lambda: bookings.load(agent.practice_id, idempotency_record_id=idempotency_key.idempotency_record_id),
        lambda: bookings.due_writes(agent.practice_id, stamp.at),
    )
    if snapshot.idempotency_record:
        return _writes_still_leased(bookings, agent, idempotency_key, snapshot.idempotency_record, stamp.at)
    for _ in range(MAX_ATTEMPTS):
        edits = tuple(
            Edit(write, lease_write(write, idempotency_key.idempotency_record_id, stamp.at)) for write in due[:limit]
        )
        if not edits:
            return []
        leased = LeasedWriteIds(write_ids=tuple(edit.after.id for edit in edits))
        idempotency_record = idempotency_key.idempotency_record(leased, stamp.at, ttl=WEBHOOK_ID_TTL)
        try:
            bookings.commit(
                ChangeSet(stamp=stamp, action="pull", pms_writes=edits, idempotency_record=idempotency_record)
            )
        except StaleSnapshot as stale:
            if stale.idempotency_record:
                return _writes_still_leased(bookings, agent, idempotency_key, stale.idempotency_record, stamp.at)
            stored = (stale.pms_writes.get(write.id, write) for write in due)
            due = [write for write in stored if write.is_due(stamp.at)]
        else:
            return _with_appointments(bookings, agent, [edit.after for edit in edits])
    raise Unavailable


def _writes_still_leased(
    bookings: BookingStore,
    agent: Agent,
    idempotency_key: IdempotencyKey,
    idempotency_record: IdempotencyRecord,
    now: datetime,
) -> list[LeasedWrite]:
    leased = idempotency_key.replay(idempotency_record, LeasedWriteIds)
    writes = bookings.pms_writes(agent.practice_id, leased.write_ids)
    still_leased = [write for write in writes if write.is_held_by(idempotency_key.idempotency_record_id, now)]
    return _with_appointments(bookings, agent, still_leased)


def _with_appointments(bookings: BookingStore, agent: Agent, writes: Sequence[PmsWrite]) -> list[LeasedWrite]:
    appointments = bookings.appointments(agent.practice_id, [write.appointment_id for write in writes])
    return [(write, appointments[write.appointment_id]) for write in writes]
