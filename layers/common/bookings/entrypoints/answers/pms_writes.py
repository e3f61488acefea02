"""The answer to an agent that pulls PMS writes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict  # Pydantic asks for it on Python 3.11

from bookings.domain.outbox.pms_write import PmsWrite, create_write_id
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.patient import Patient


class AppointmentToWrite(TypedDict):
    """An appointment to write into the PMS. If the PMS has deleted it since, only its ids are not null."""

    id: str
    """The PMS's own id if Chairlink knows it, otherwise Chairlink's (`apt_…`)."""
    write_id: str
    """The id of the write that creates this appointment. Store it with the appointment, and send it in its events."""
    patient: Patient | None
    start: datetime | None
    duration_minutes: int | None
    practitioner_id: str | None
    chair_id: str | None
    service_id: str | None
    status: AppointmentStatus
    """`cancelled` in a `cancel`."""


class PulledWrite(TypedDict):
    """A change to write into the PMS, leased for 60 seconds."""

    write_id: str
    """The idempotency key of the write: it is the same each time the write is leased."""
    kind: Literal["create", "update", "cancel"]
    """`create` or `cancel` the appointment. `update` is reserved; Chairlink does not send it yet."""
    appointment: AppointmentToWrite


class PulledWrites(TypedDict):
    """The writes that are leased to the agent now."""

    writes: list[PulledWrite]
    """Empty if nothing is due."""


def to_pulled_writes(leased: Iterable[tuple[PmsWrite, Appointment]]) -> PulledWrites:
    """The leased writes, each with its appointment."""
    return {"writes": [_to_pulled_write(write, appointment) for write, appointment in leased]}


def _to_pulled_write(write: PmsWrite, appointment: Appointment) -> PulledWrite:
    slot = appointment.slot
    return {
        "write_id": write.id,
        "kind": write.kind,
        "appointment": {
            "id": appointment.pms_id or appointment.id,
            "write_id": create_write_id(appointment.id),
            "patient": appointment.patient,
            "start": slot.start if slot else None,
            "duration_minutes": slot.duration_minutes if slot else None,
            "practitioner_id": slot.practitioner_id if slot else None,
            "chair_id": slot.chair_id if slot else None,
            "service_id": slot.service_id if slot else None,
            "status": AppointmentStatus.CANCELLED if write.kind == "cancel" else appointment.status,
        },
    }
