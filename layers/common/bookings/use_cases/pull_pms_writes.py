"""How a PMS sync agent takes writes in hand."""

from collections.abc import Sequence
from datetime import datetime

from bookings.domain.change_set import Change, Edit, Overtaken, Stamp
from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.kernel.idempotency import WEBHOOK_IDS_KEPT_FOR, Attempt, Receipt
from bookings.domain.outbox.pms_write import PmsWrite, lease
from bookings.domain.practice.agent import Agent
from bookings.domain.requests.appointment import Appointment
from bookings.use_cases.optimistic_transaction import TRIES
from bookings.use_cases.ports import Bookings

HandedOut = tuple[PmsWrite, Appointment]


class Leased(Entity):
    """Which writes a pull was given. Its receipt keeps no more, and so names no person."""

    write_ids: tuple[str, ...]


def pull(bookings: Bookings, agent: Agent, limit: int, attempt: Attempt, stamp: Stamp) -> list[HandedOut]:
    """Lease writes to the agent: each to one pull at a time, whoever pulls. Three round trips, or one for nothing.

    The same delivery once more gets what it still holds, so that an answer which was lost costs no lease.
    """
    seen, due = bookings.beside(
        lambda: bookings.see(agent.practice_id, receipt_id=attempt.receipt_id),
        lambda: bookings.due_writes(agent.practice_id, stamp.at),
    )
    if seen.receipt:
        return _still_held(bookings, agent, attempt, seen.receipt, stamp.at)
    for _ in range(TRIES):
        edits = tuple(Edit(one, lease(one, attempt.receipt_id, stamp.at)) for one in due[:limit])
        if not edits:
            return []
        outcome = Leased(write_ids=tuple(edit.after.id for edit in edits))
        receipt = attempt.receipt(outcome, stamp.at, kept_for=WEBHOOK_IDS_KEPT_FOR)
        try:
            bookings.commit(Change(stamp=stamp, action="pull", pms_writes=edits, receipt=receipt))
        except Overtaken as overtaken:
            if overtaken.receipt:
                return _still_held(bookings, agent, attempt, overtaken.receipt, stamp.at)
            now_standing = (overtaken.pms_writes.get(one.id, one) for one in due)
            due = [one for one in now_standing if one.is_due(stamp.at)]
        else:
            return _with_appointments(bookings, agent, [edit.after for edit in edits])
    raise Unavailable


def _still_held(bookings: Bookings, agent: Agent, attempt: Attempt, receipt: Receipt, now: datetime) -> list[HandedOut]:
    leased = attempt.replay(receipt, Leased)
    writes = bookings.pms_writes(agent.practice_id, leased.write_ids)
    return _with_appointments(bookings, agent, [one for one in writes if one.is_held_by(attempt.receipt_id, now)])


def _with_appointments(bookings: Bookings, agent: Agent, writes: Sequence[PmsWrite]) -> list[HandedOut]:
    found = bookings.appointments(agent.practice_id, [write.appointment_id for write in writes])
    return [(write, found[write.appointment_id]) for write in writes]
