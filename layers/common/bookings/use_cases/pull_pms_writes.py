"""How a PMS sync agent takes writes in hand."""

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
    """Which writes a pull was given. Its receipt keeps no more, and so names no person."""

    write_ids: tuple[str, ...]


def pull_pms_writes(
    bookings: BookingStore, agent: Agent, limit: int, idempotency_key: IdempotencyKey, stamp: Stamp
) -> list[LeasedWrite]:
    """Lease writes to the agent: each to one pull at a time, whoever pulls. Three round trips, or one for nothing.

    The same delivery once more gets what it still holds, so that an answer which was lost costs no lease.
    """
    snapshot, due = bookings.run_both(
        lambda: bookings.load(agent.practice_id, idempotency_record_id=idempotency_key.idempotency_record_id),
        lambda: bookings.due_writes(agent.practice_id, stamp.at),
    )
    if snapshot.idempotency_record:
        return _still_held(bookings, agent, idempotency_key, snapshot.idempotency_record, stamp.at)
    for _ in range(MAX_ATTEMPTS):
        edits = tuple(
            Edit(one, lease_write(one, idempotency_key.idempotency_record_id, stamp.at)) for one in due[:limit]
        )
        if not edits:
            return []
        outcome = LeasedWriteIds(write_ids=tuple(edit.after.id for edit in edits))
        idempotency_record = idempotency_key.idempotency_record(outcome, stamp.at, ttl=WEBHOOK_ID_TTL)
        try:
            bookings.commit(
                ChangeSet(stamp=stamp, action="pull", pms_writes=edits, idempotency_record=idempotency_record)
            )
        except StaleSnapshot as stale:
            if stale.idempotency_record:
                return _still_held(bookings, agent, idempotency_key, stale.idempotency_record, stamp.at)
            now_standing = (stale.pms_writes.get(one.id, one) for one in due)
            due = [one for one in now_standing if one.is_due(stamp.at)]
        else:
            return _with_appointments(bookings, agent, [edit.after for edit in edits])
    raise Unavailable


def _still_held(
    bookings: BookingStore,
    agent: Agent,
    idempotency_key: IdempotencyKey,
    idempotency_record: IdempotencyRecord,
    now: datetime,
) -> list[LeasedWrite]:
    leased = idempotency_key.replay(idempotency_record, LeasedWriteIds)
    writes = bookings.pms_writes(agent.practice_id, leased.write_ids)
    return _with_appointments(
        bookings, agent, [one for one in writes if one.is_held_by(idempotency_key.idempotency_record_id, now)]
    )


def _with_appointments(bookings: BookingStore, agent: Agent, writes: Sequence[PmsWrite]) -> list[LeasedWrite]:
    found = bookings.appointments(agent.practice_id, [write.appointment_id for write in writes])
    return [(write, found[write.appointment_id]) for write in writes]
