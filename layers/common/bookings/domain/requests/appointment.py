"""An appointment in the PMS, or one that Chairlink asks the PMS to write."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from bookings.domain.kernel.base import Entity
from bookings.domain.requests.patient import Patient
from bookings.domain.scheduling.slot import Slot, visit_slots


class AppointmentStatus(StrEnum):
    """The codes of FHIR R4's Appointment.status that a practice uses.

    `proposed` and `pending` are not confirmed yet, `booked` is. `arrived`: the patient is there. `fulfilled`: the visit
    has taken place. `cancelled`: it will not take place, and its time is free. `noshow`: the patient did not come; the
    time stays taken.
    """

    PROPOSED = "proposed"
    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


VISITED = frozenset({AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW})
"""The statuses of a visit whose time has come."""


class Contradiction(Entity):
    """Content that the PMS sent under a version that it had already used for other content (docs/adr/0025)."""

    version: int
    patient: Patient | None
    slot: Slot | None
    status: AppointmentStatus
    deleted: bool
    practitioner_minutes: int | None = None
    also: tuple[Slot, ...] = ()


class Appointment(Entity):
    """One appointment of a practice. A deleted appointment is kept as a tombstone.

    - `version` comes from the PMS and decides which event is newer.
    - `revision` counts our writes and guards them (optimistic concurrency).
    - `pms_id`: an appointment that Chairlink created keeps our id, and this is its id in the PMS. The item stored under
      the PMS's id is an alias, with `alias_of` set to our id (docs/adr/0021).
    - `cancel_id` is the PMS write that cancels it. While that write is open, the appointment keeps no time busy,
      whatever time the PMS still reports.
    - `practitioner_minutes` is how long its practitioner is busy, if not as long as the chair. `also` has the times of
      further practitioners on the visit. Only `busy_slots` needs them.
    - `made_at` is when Chairlink created it or first received it. PMSs do not report when an appointment was entered.
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
    practitioner_minutes: int | None = None
    also: tuple[Slot, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether it is neither deleted nor cancelled, and no cancellation is under way."""
        return not self.deleted and self.status is not AppointmentStatus.CANCELLED and self.cancel_id is None

    @property
    def is_in_pms(self) -> bool:
        """Whether the PMS has ever reported it."""
        return self.origin == "pms" or self.pms_id is not None or self.version is not None

    @property
    def busy_slot(self) -> Slot | None:
        """The blocked slot. Cancelling frees it; a no-show does not."""
        return self.slot if self.is_active else None

    @property
    def busy_slots(self) -> tuple[Slot, ...]:
        """What it keeps busy: the blocked slot, and the further practitioners on the visit in theirs."""
        slot = self.busy_slot
        return visit_slots(slot, self.practitioner_minutes, self.also) if slot else ()

    def with_our_resources(self, pms_slot: Slot) -> Slot:
        """The slot that the PMS sent, completed for appointments that Chairlink created.

        For those, our chair, practitioner and service stay where the PMS sends none. Otherwise a PMS without chairs
        would free the chair that the front desk chose.
        """
        if self.origin == "pms" or self.slot is None:
            return pms_slot
        missing = (name for name in ("practitioner_id", "chair_id", "service_id") if getattr(pms_slot, name) is None)
        return pms_slot.model_copy(update={name: getattr(self.slot, name) for name in missing})

    @property
    def is_linkable(self) -> bool:
        """Whether it is active, has a time, and is not linked to a request yet."""
        return self.is_active and self.slot is not None and self.request_id is None
