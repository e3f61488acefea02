"""An appointment as it stands in the PMS, or as Chairlink asks the PMS to write it."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from bookings.domain.kernel.base import Entity
from bookings.domain.requests.patient import Patient
from bookings.domain.scheduling.slot import Slot


class AppointmentStatus(StrEnum):
    """The codes of FHIR R4's Appointment.status that a practice uses."""

    PROPOSED = "proposed"
    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


class Contradiction(Entity):
    """What the PMS says of an appointment under a version that it has used for something else before."""

    version: int
    patient: Patient | None
    slot: Slot | None
    status: AppointmentStatus
    deleted: bool


class Appointment(Entity):
    """One appointment of a practice. A deleted one stays as a tombstone.

    `version` is the PMS's own and decides which event is newer; `revision` counts our writes and guards them.

    One that Chairlink made keeps its id, and `pms_id` is the PMS's own for it; what stands under that id is an alias,
    `alias_of` this one (docs/adr/0007). While its cancellation is under way, `cancel_id` is the PMS write that asks for
    it: whatever the PMS still says of its time, it keeps none busy.

    `made_at` is when we first heard of it, or made it: a PMS does not say when it was entered.
    """

    id: str
    practice_id: str
    patient: Patient | None
    slot: Slot | None
    status: AppointmentStatus
    origin: Literal["pms", "chairlink"]
    version: int | None = None
    revision: int = 1
    deleted: bool = False
    request_id: str | None = None
    contradiction: Contradiction | None = None
    pms_id: str | None = None
    alias_of: str | None = None
    cancel_id: str | None = None
    made_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it can still take place or has taken place."""
        return not self.deleted and self.status is not AppointmentStatus.CANCELLED and self.cancel_id is None

    @property
    def is_in_pms(self) -> bool:
        """Whether the PMS has ever spoken of it."""
        return self.origin == "pms" or self.pms_id is not None or self.version is not None

    @property
    def occupies(self) -> Slot | None:
        """The time it keeps busy; a no-show gives it back as little as an arrival does, a cancellation does."""
        return self.slot if self.stands else None

    def completed(self, told: Slot) -> Slot:
        """The slot as the PMS tells of it; of one that Chairlink made, what it does not say stays as it was asked for.

        A PMS without chairs or services would otherwise free the chair that the front desk has chosen.
        """
        if self.origin == "pms" or self.slot is None:
            return told
        silent = (name for name in ("practitioner_id", "chair_id", "service_id") if getattr(told, name) is None)
        return told.model_copy(update={name: getattr(self.slot, name) for name in silent})

    @property
    def may_be_linked(self) -> bool:
        """Whether it stands and belongs to no request yet."""
        return self.stands and self.slot is not None and self.request_id is None
