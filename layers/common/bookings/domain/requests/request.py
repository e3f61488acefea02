"""A booking request, and every move it can make."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.errors import AlreadyDecided, Conflict, MoveNotAllowed
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.patient import Patient
from bookings.domain.scheduling.slot import Slot

PmsWriteStatus = Literal["not_required", "queued", "complete", "failed", "timed_out"]
PmsEvidence = Literal["awaited", "missing"]
MailStatus = Literal["queued", "sent", "failed", "unknown"]


class Status(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Resolution(StrEnum):
    """How an accepted request became an appointment."""

    AS_REQUESTED = "as_requested"
    WITH_CHANGES = "with_changes"
    LINKED = "linked"
    AUTO_LINKED = "auto_linked"


class RejectionReason(StrEnum):
    """Why the front desk said no: a fixed list, so that it can be counted."""

    NO_OPENING = "no_opening"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    NOT_A_PATIENT = "not_a_patient"
    PATIENT_DECLINED = "patient_declined"
    OTHER = "other"


class Attention(StrEnum):
    """Why the front desk should look at a request once more, although it is decided or waits by its own wish."""

    WRITE_FAILED = "write_failed"
    WRITE_TIMED_OUT = "write_timed_out"
    CANCELLED_IN_PMS = "cancelled_in_pms"
    MATCH_FOUND = "match_found"


class Move(StrEnum):
    """What can be done to a request once it is submitted."""

    ACCEPT = "accept"
    LINK = "link"
    REJECT = "reject"
    PROPOSE = "propose"
    PICK = "pick"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    REOPEN = "reopen"


MOVES: Mapping[Status, Mapping[Move, Status]] = {
    Status.PENDING: {
        Move.ACCEPT: Status.ACCEPTED,
        Move.LINK: Status.ACCEPTED,
        Move.REJECT: Status.REJECTED,
        Move.PROPOSE: Status.PROPOSED,
        Move.WITHDRAW: Status.CANCELLED,
        Move.EXPIRE: Status.EXPIRED,
    },
    Status.PROPOSED: {
        Move.PICK: Status.ACCEPTED,
        Move.DECLINE: Status.PENDING,
        Move.WITHDRAW: Status.CANCELLED,
        Move.EXPIRE: Status.EXPIRED,
    },
    Status.ACCEPTED: {Move.REOPEN: Status.PENDING},
    Status.REJECTED: {Move.REOPEN: Status.PENDING},
    Status.CANCELLED: {},
    Status.EXPIRED: {},
}
"""DESIGN §3, the whole of it: every move that is not here is refused."""


class Decision(Entity):
    """Who settled the request, when, and what they said about it."""

    action: Move
    at: datetime
    by: str
    by_name: str | None = Field(default=None, description="what colleagues call them; null unless staff decided")
    notify: bool = False
    reason: RejectionReason | None = None
    note: str | None = None
    override_reason: str | None = None
    open_minutes: int | None = Field(default=None, description="how long the practice was open since it came in")
    appointment_made_at: datetime | None = Field(
        default=None, description="when Chairlink first heard of the linked appointment; None if that is not known"
    )


class Watch(Entity):
    """The front desk's "I'll do this later": who said it, when, and whether the patient is to hear of a late link."""

    by: str
    at: datetime
    notify: bool


class Request(Entity):
    """What a patient asked for and what became of it. `requested` never changes; `accepted` stands beside it."""

    id: str
    practice_id: str
    status: Status = Status.PENDING
    resolution: Resolution | None = None
    revision: int = 1
    received_at: datetime
    pms_synced_at: datetime | None = Field(default=None, description="how old the PMS data was that it was asked on")
    answer_by: datetime | None = Field(default=None, description="when the practice's target time is over")
    overdue: bool = Field(default=False, description="the front desk was told that it waits too long")
    source: str
    note: str | None = None
    new_patient: bool | None = Field(default=None, description="what the patient says; None if they did not")
    patient: Patient
    may_email: bool = True
    requested: Slot
    accepted: Slot | None = None
    appointment_id: str | None = None
    appointment_status: AppointmentStatus | None = None
    appointment_cancelled_at: datetime | None = Field(
        default=None, description="when the PMS took the appointment away; None while it stands"
    )
    pms_write: PmsWriteStatus = "not_required"
    pms_write_reason: str | None = None
    pms_evidence: PmsEvidence | None = Field(
        default=None, description="of an appointment that could not be written: whether the PMS has yet to speak of it"
    )
    decision: Decision | None = None
    manage_digest: str
    outbox_id: str | None = None
    mail: MailStatus | None = None
    attention: Attention | None = None
    watch: Watch | None = None
    look_again_at: datetime | None = Field(
        default=None, description="when it is looked whether the watch was set too late for its appointment's event"
    )

    @property
    def awaits_confirmation(self) -> bool:
        """Whether its patient is to hear of it, but only once the appointment stands in the PMS."""
        is_to_hear = self.decision is not None and self.decision.notify
        return self.status is Status.ACCEPTED and is_to_hear and self.outbox_id is None

    @property
    def expected_at(self) -> datetime | None:
        """The instant for which the practice expects the patient; None if it does not."""
        stands = self.appointment_status is not AppointmentStatus.CANCELLED
        return self.accepted.begins if self.accepted and stands else None


def check_move(request: Request, move: Move) -> Status:
    """The status the move leads to; raises AlreadyDecided or MoveNotAllowed, naming the moves that are allowed."""
    moves = MOVES[request.status]
    if move in moves:
        return moves[move]
    decided = request.decision is not None and request.status is not Status.PENDING
    refusal: type[Conflict] = AlreadyDecided if decided and move is not Move.REOPEN else MoveNotAllowed
    raise refusal(
        f"The request is {request.status}: to {move} it is not possible now.",
        request_status=request.status,
        allowed_moves=sorted(moves),
    )
