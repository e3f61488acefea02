"""A PMS write: something that the practice's agent has to write into the PMS, and how long we wait for its word.

The agent takes a write on a lease. A lease that lapses without a word is followed by another one, later each time, and
always under the same id: whoever writes it down beside the appointment will not create that appointment twice.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.ids import new_id
from bookings.domain.requests.appointment import Appointment

PMS_WRITE_LEASE = timedelta(seconds=60)
"""How long an agent has a write to itself (DESIGN §6)."""

PMS_WRITE_TIMEOUT = timedelta(minutes=30)
"""How long a write may wait for an agent. The front desk has told the patient: it must hear of a silent PMS soon."""

MAX_LEASES = 6
"""Leases of one write; with the pauses between them they take 21 minutes."""


class WriteStatus(StrEnum):
    """How far a write has come."""

    QUEUED = "queued"
    """It waits for the agent, or the agent has it."""
    COMPLETE = "complete"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    """We have given it up; a late word of the agent is welcome all the same."""
    REVOKED = "withdrawn"
    """The request was reopened first. An agent that had it by then may still tell what became of it."""


class PmsWrite(Entity):
    """One write. It names no person: the appointment is read when it is handed out."""

    id: str
    practice_id: str
    kind: Literal["create", "update", "cancel"]
    appointment_id: str
    request_id: str
    correlation_id: str
    status: WriteStatus = WriteStatus.QUEUED
    revision: int = 1
    begins_at: datetime
    """When the appointment begins: after that nobody enters it any more."""
    queued_at: datetime
    due_at: datetime
    give_up_at: datetime
    attempts: int = 0
    leased_until: datetime | None = None
    lease_id: str | None = None
    reason: str | None = None

    @property
    def is_finished(self) -> bool:
        """Whether the agent has had its say: the first outcome wins."""
        return self.status in (WriteStatus.COMPLETE, WriteStatus.FAILED)

    @property
    def may_have_been_carried_out(self) -> bool:
        """Whether an agent has had it and may have carried it out without telling."""
        return self.attempts > 0 and self.status in (WriteStatus.QUEUED, WriteStatus.TIMED_OUT, WriteStatus.REVOKED)

    def is_due(self, now: datetime) -> bool:
        """Whether it can be handed out."""
        return self.status is WriteStatus.QUEUED and self.due_at <= now < self.give_up_at

    def has_timed_out(self, now: datetime) -> bool:
        """Whether it is to be given up."""
        return self.status is WriteStatus.QUEUED and self.give_up_at <= now

    def is_held_by(self, lease_id: str, now: datetime) -> bool:
        """Whether this lease still runs."""
        is_running = self.leased_until is not None and now < self.leased_until
        return self.status is WriteStatus.QUEUED and self.lease_id == lease_id and is_running


def create_write_id(appointment_id: str) -> str:
    """The id of the write that creates this appointment: it follows from the appointment, so there is only ever one."""
    return f"write_{appointment_id.removeprefix('apt_')}"


def new_pms_write(
    kind: Literal["create", "cancel"], appointment: Appointment, request_id: str, correlation_id: str, now: datetime
) -> PmsWrite:
    """The write that asks the agent to create or to cancel this appointment."""
    return PmsWrite(
        id=create_write_id(appointment.id) if kind == "create" else new_id("write", now),
        practice_id=appointment.practice_id,
        kind=kind,
        appointment_id=appointment.id,
        request_id=request_id,
        correlation_id=correlation_id,
        begins_at=appointment.slot.begins if appointment.slot else now,
        queued_at=now,
        due_at=now,
        give_up_at=now + PMS_WRITE_TIMEOUT,
    )


def lease_write(write: PmsWrite, lease_id: str, now: datetime) -> PmsWrite:
    """The write in the agent's hands. The last lease is also the end of our patience."""
    attempts, until = write.attempts + 1, now + PMS_WRITE_LEASE
    pause = timedelta(minutes=2 ** (attempts - 2)) if attempts > 1 else timedelta()
    return _next(
        write,
        attempts=attempts,
        lease_id=lease_id,
        leased_until=until,
        due_at=until + pause,
        give_up_at=until if attempts == MAX_LEASES else max(write.give_up_at, until),
    )


def make_due(write: PmsWrite, now: datetime) -> PmsWrite:
    """The write as due at once: what it waited for has come."""
    return _next(write, due_at=now)


def finish_write(write: PmsWrite, status: WriteStatus, reason: str | None = None) -> PmsWrite:
    """The write at its end, as far as we know."""
    return _next(write, status=status, reason=reason)


def _next(write: PmsWrite, **changes: object) -> PmsWrite:
    return write.model_copy(update={**changes, "revision": write.revision + 1})
