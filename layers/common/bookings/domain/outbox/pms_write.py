"""PMS writes: appointments that the agent has to create or cancel in the PMS, and their leases.

The agent gets a write on a lease. When a lease expires without an outcome, the write is leased again, with exponential
back-off. It keeps its id, so an agent that stores this id with the appointment does not create the appointment twice.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bookings.domain.kernel.base import Command, Entity
from bookings.domain.kernel.fields import WholeNumber
from bookings.domain.kernel.ids import new_id
from bookings.domain.requests.appointment import Appointment

PMS_WRITE_LEASE = timedelta(seconds=60)
"""How long no other pull gets a write that an agent has pulled (docs/api.md)."""

PMS_WRITE_TIMEOUT = timedelta(minutes=30)
"""How long a write may wait. The patient may have a confirmation, so the front desk must soon learn of a silent PMS."""

MAX_LEASES = 6
"""Maximum number of leases of one write. With the pauses between them they take 21 minutes."""


class WriteStatus(StrEnum):
    """The status of a write."""

    QUEUED = "queued"
    """It waits for an agent, or an agent has a lease on it."""
    COMPLETE = "complete"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    """We stopped waiting. An outcome that the agent reports later is still accepted."""
    REVOKED = "withdrawn"
    """The request was reopened first. An agent that had already pulled it may still report the outcome."""


class PmsWrite(Entity):
    """One PMS write. It has no personal data: the appointment is read when an agent pulls the write."""

    id: str
    practice_id: str
    kind: Literal["create", "update", "cancel"]
    appointment_id: str
    request_id: str
    correlation_id: str
    status: WriteStatus = WriteStatus.QUEUED
    revision: int = 1
    begins_at: datetime
    """The start of the appointment. After that, nobody enters it into the PMS any more."""
    queued_at: datetime
    due_at: datetime
    give_up_at: datetime
    attempts: int = 0
    leased_until: datetime | None = None
    lease_id: str | None = None
    reason: str | None = None

    @property
    def is_finished(self) -> bool:
        """Whether the agent has reported an outcome. The first one counts."""
        return self.status in (WriteStatus.COMPLETE, WriteStatus.FAILED)

    @property
    def may_have_been_carried_out(self) -> bool:
        """Whether an agent has pulled it and may have carried it out without reporting it."""
        return self.attempts > 0 and self.status in (WriteStatus.QUEUED, WriteStatus.TIMED_OUT, WriteStatus.REVOKED)

    def is_due(self, now: datetime) -> bool:
        """Whether an agent can get it now."""
        return self.status is WriteStatus.QUEUED and self.due_at <= now < self.give_up_at

    def has_timed_out(self, now: datetime) -> bool:
        """Whether it is open and past its timeout."""
        return self.status is WriteStatus.QUEUED and self.give_up_at <= now

    def is_held_by(self, lease_id: str, now: datetime) -> bool:
        """Whether this lease is the current one and has not expired."""
        is_running = self.leased_until is not None and now < self.leased_until
        return self.status is WriteStatus.QUEUED and self.lease_id == lease_id and is_running


def create_write_id(appointment_id: str) -> str:
    """The id of the write that creates this appointment. Being derived, it is the only one."""
    return f"write_{appointment_id.removeprefix('apt_')}"


def new_pms_write(
    kind: Literal["create", "cancel"], appointment: Appointment, request_id: str, correlation_id: str, now: datetime
) -> PmsWrite:
    """A queued write that asks the agent to create or to cancel this appointment."""
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
    """The write with its next lease, and the pause after that. The last lease ends with the timeout."""
    attempts, leased_until = write.attempts + 1, now + PMS_WRITE_LEASE
    pause = timedelta(minutes=2 ** (attempts - 2)) if attempts > 1 else timedelta()
    return _next_revision(
        write,
        attempts=attempts,
        lease_id=lease_id,
        leased_until=leased_until,
        due_at=leased_until + pause,
        give_up_at=leased_until if attempts == MAX_LEASES else max(write.give_up_at, leased_until),
    )


def make_due(write: PmsWrite, now: datetime) -> PmsWrite:
    """The write as due now, because what it waited for has happened."""
    return _next_revision(write, due_at=now)


def finish_write(write: PmsWrite, status: WriteStatus, reason: str | None = None) -> PmsWrite:
    """The write with this status, which ends it unless the agent reports an outcome later."""
    return _next_revision(write, status=status, reason=reason)


def _next_revision(write: PmsWrite, **changes: object) -> PmsWrite:
    return write.model_copy(update={**changes, "revision": write.revision + 1})


class Pull(Command):
    """Pull PMS writes: how many at most."""

    limit: Annotated[WholeNumber, Field(ge=1, le=25)] = Field(default=10, description="writes to lease at most")
