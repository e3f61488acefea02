"""A booking request, its statuses, and the moves between them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from pydantic import Field, model_validator

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.errors import AlreadyDecided, Conflict, MoveNotAllowed
from bookings.domain.requests.appointment import VISITED, Appointment, AppointmentStatus
from bookings.domain.requests.attention import Attention, Attentions
from bookings.domain.requests.last_notification import LastNotification
from bookings.domain.requests.patient import Patient
from bookings.domain.scheduling.slot import Slot

PmsWriteStatus = Literal["not_required", "queued", "complete", "failed", "timed_out"]
PmsEvidence = Literal["awaited", "missing"]
MailStatus = Literal["queued", "sent", "failed", "unknown"]


class Status(StrEnum):
    """The status of a request.

    `pending` waits for a decision. `proposed` is reserved for offers of other times, which are not built yet.
    `accepted` has an appointment. `rejected` was closed by the front desk, and `cancelled` by the patient, who withdrew
    it. `expired` was still pending when its requested start passed.
    """

    PENDING = "pending"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Resolution(StrEnum):
    """How an accepted request became an appointment.

    `as_requested`: booked as the patient asked. `with_changes`: booked with another time, duration, practitioner, chair
    or service. `linked`: staff linked it to an appointment of the PMS. `auto_linked`: Chairlink linked it to the
    patient's one certain match, because of a watch or of the setting `auto_link`.
    """

    AS_REQUESTED = "as_requested"
    WITH_CHANGES = "with_changes"
    LINKED = "linked"
    AUTO_LINKED = "auto_linked"


LINKED = frozenset({Resolution.LINKED, Resolution.AUTO_LINKED})
"""The resolutions whose appointment is one of the PMS's own."""


class RejectionReason(StrEnum):
    """Why the front desk rejected a request; a fixed list, so that reasons can be counted.

    `no_opening`: no time is possible. `duplicate`: the patient has this request or appointment already. `spam`: not
    from a patient. `not_a_patient`: the practice does not treat this person. `patient_declined`: the patient no longer
    wants it. `other`: `note` may say what. Rates leave out duplicates and spam.
    """

    NO_OPENING = "no_opening"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    NOT_A_PATIENT = "not_a_patient"
    PATIENT_DECLINED = "patient_declined"
    OTHER = "other"


class Move(StrEnum):
    """An action that changes the status of a submitted request.

    Staff `accept`, `link`, `reject` and `reopen`, the patient may `withdraw`, and Chairlink itself lets a request
    `expire`. `propose`, `pick` and `decline` are reserved for offers of other times, which are not built yet.
    """

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
    Status.ACCEPTED: {Move.LINK: Status.ACCEPTED, Move.REOPEN: Status.PENDING},
    Status.REJECTED: {Move.REOPEN: Status.PENDING},
    Status.CANCELLED: {},
    Status.EXPIRED: {},
}
"""All allowed moves by status, with the status that each leads to. Every other move is refused.

An accepted request can be linked only once it has lost its appointment (`allowed_moves`).
"""


class Decision(Entity):
    """The decision on a request: who made it, when, how, and why."""

    action: Move
    at: datetime
    by: str = Field(description="`staff:<id>`, `patient`, `agent:<id>`, or `clock` or `sweep` for scheduled functions")
    by_name: str | None = Field(default=None, description="display name of the staff member; null unless staff decided")
    notify: bool = Field(default=False, description="whether the patient was to get an e-mail")
    reason: RejectionReason | None = Field(default=None, description="why the request was rejected")
    note: str | None = Field(default=None, description="note of the front desk on a rejection; patients do not see it")
    override_reason: str | None = Field(default=None, description="why it was accepted in spite of a schedule conflict")
    open_minutes: int | None = Field(default=None, description="minutes of business hours from receipt to decision")
    appointment_made_at: datetime | None = Field(
        default=None, description="when Chairlink first received the linked appointment; null if unknown"
    )


class Watch(Entity):
    """A watch ("I'll do this later"): the request is linked when the PMS sends the appointment.

    Who set it, when, and whether the patient gets an e-mail about that link.
    """

    by: str = Field(description="`staff:<id>`")
    at: datetime
    notify: bool = Field(description="whether the patient gets an e-mail when the request is linked")


class Request(Entity):
    """A booking request and its current state. `requested` never changes; the accepted slot is in `accepted`."""

    id: str
    practice_id: str
    status: Status = Status.PENDING
    resolution: Resolution | None = None
    revision: int = 1
    received_at: datetime
    pms_synced_at: datetime | None = Field(
        default=None, description="time of the PMS data when the request was received"
    )
    answer_by: datetime | None = Field(default=None, description="when the practice's target time to decision ends")
    overdue: bool = Field(default=False, description="the front desk was notified that it is past answer_by")
    source: str
    note: str | None = None
    new_patient: bool | None = Field(default=None, description="the patient's own answer; null if they gave none")
    suspected_spam: bool = Field(default=False, description="a field was filled in that no patient sees")
    patient: Patient
    may_email: bool = True
    requested: Slot
    accepted: Slot | None = None
    appointment_id: str | None = None
    appointment_status: AppointmentStatus | None = None
    appointment_cancelled_at: datetime | None = Field(
        default=None, description="when the appointment was cancelled or became another patient's; else null"
    )
    pms_write: PmsWriteStatus = "not_required"
    pms_write_reason: str | None = None
    pms_evidence: PmsEvidence | None = Field(
        default=None, description="whether the PMS has yet to report an appointment that could not be written"
    )
    decision: Decision | None = None
    manage_digest: str
    outbox_id: str | None = None
    mail: MailStatus | None = None
    mail_due_at: datetime | None = Field(
        default=None, description="end of the undo window of the decision; null if its e-mail does not wait"
    )
    mail_failure: str | None = Field(default=None, description="why the latest e-mail failed: a code")
    last_notification: LastNotification | None = None
    attentions: Attentions = ()
    notice_due_at: datetime | None = Field(
        default=None, description="when the patient is told of the last move in the PMS, while its attention stands"
    )
    watch: Watch | None = None
    look_again_at: datetime | None = Field(
        default=None,
        description="when a new watch is checked again, for events that were already being processed when it was set",
    )

    @model_validator(mode="before")
    @classmethod
    def _has_attentions(cls, values: Any) -> Any:
        """Requests that were stored before several attentions were kept have one, in `attention`."""
        if isinstance(values, dict) and values.get("attention") and "attentions" not in values:
            return {**values, "attentions": (values["attention"],)}
        return values

    @property
    def attention(self) -> Attention | None:
        """The most urgent attention, which is the one that is shown."""
        return self.attentions[0] if self.attentions else None

    @property
    def can_notify(self) -> bool:
        """Whether the patient has an e-mail address and allows its use."""
        return self.may_email and bool(self.patient.email)

    @property
    def automatic_notice_at(self) -> datetime | None:
        """When Chairlink tells the patient of a move by itself; None if it does not, or the attention has ended."""
        return self.notice_due_at if Attention.MOVED_IN_PMS in self.attentions else None

    @property
    def awaits_confirmation(self) -> bool:
        """Whether the confirmation e-mail waits until the appointment is written into the PMS."""
        notifies = self.decision is not None and self.decision.notify
        return self.status is Status.ACCEPTED and notifies and self.outbox_id is None

    @property
    def holds_email(self) -> bool:
        """Whether the e-mail of its decision still waits, for the end of the undo window or for the PMS."""
        told = self.last_notification
        is_claimed = told is not None and told.outbox_id == self.outbox_id
        return self.awaits_confirmation or (self.mail == "queued" and self.mail_due_at is not None and not is_claimed)

    def has_taken_place(self, now: datetime) -> bool:
        """Whether its appointment has begun, or its status says so."""
        return self.appointment_status in VISITED or (self.accepted is not None and self.accepted.begins <= now)

    @property
    def has_lost_appointment(self) -> bool:
        """Whether it is accepted, but its appointment was cancelled or is another patient's now."""
        return self.status is Status.ACCEPTED and self.appointment_status is AppointmentStatus.CANCELLED

    def is_told_another_start(self, appointment: Appointment, now: datetime) -> bool:
        """Whether the patient may believe in another start of this visit, which is ahead."""
        told = self.last_notification.confirmed_slot if self.last_notification else None
        if told is None or appointment.slot is None or appointment.status in VISITED:
            return False
        return now < appointment.slot.begins != told.begins

    @property
    def expected_at(self) -> datetime | None:
        """The instant at which the practice expects the patient; None without an active appointment."""
        is_active = self.appointment_status is not AppointmentStatus.CANCELLED
        return self.accepted.begins if self.accepted and is_active else None


_STATUS_TEXTS: Mapping[Status, str] = {
    Status.PENDING: "This request is still pending",
    Status.PROPOSED: "This request has proposed times that wait for an answer",
    Status.ACCEPTED: "This request was already accepted",
    Status.REJECTED: "This request was already rejected",
    Status.CANCELLED: "This request was cancelled by the patient",
    Status.EXPIRED: "This request has expired",
}


def allowed_moves(request: Request) -> Mapping[Move, Status]:
    """The moves that are allowed now, with the status that each leads to."""
    moves = MOVES[request.status]
    if request.status is Status.ACCEPTED and not request.has_lost_appointment:
        return {move: status for move, status in moves.items() if move is not Move.LINK}
    return moves


def check_move(request: Request, move: Move) -> Status:
    """The status that the move leads to. Raises AlreadyDecided or MoveNotAllowed, with the allowed moves."""
    moves = allowed_moves(request)
    if move in moves:
        return moves[move]
    is_decided = request.decision is not None and request.status is not Status.PENDING
    refusal: type[Conflict] = AlreadyDecided if is_decided and move is not Move.REOPEN else MoveNotAllowed
    raise refusal(
        f"{_STATUS_TEXTS[request.status]}, so `{move}` is not possible. See `allowed_moves` for what is.",
        request_status=request.status,
        allowed_moves=sorted(moves),
    )


class RequestKey(NamedTuple):
    """The key of a request: the ids of its practice and of itself."""

    practice_id: str
    request_id: str
