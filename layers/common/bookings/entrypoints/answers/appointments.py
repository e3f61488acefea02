"""Appointments in answers, and the matches that contain them."""

from datetime import datetime
from typing import Literal, NotRequired

from typing_extensions import TypedDict  # Pydantic asks for it on Python 3.11

from bookings.domain.matching.match import Grade, Match, Reason
from bookings.domain.requests.appointment import Appointment, AppointmentStatus, Contradiction
from bookings.domain.requests.patient import Patient


class ContradictingVersion(TypedDict):
    """The other content that the PMS sent under a version that it had used before. It has no time if it is a deletion.

    It is not in effect.
    """

    version: int
    patient: Patient | None
    status: AppointmentStatus
    deleted: bool
    start: NotRequired[datetime]
    duration_minutes: NotRequired[int]
    practitioner_id: NotRequired[str | None]
    chair_id: NotRequired[str | None]
    service_id: NotRequired[str | None]


class FurtherPractitioner(TypedDict):
    """When a further practitioner is on a visit."""

    practitioner_id: str
    start: datetime
    duration_minutes: int


class ScheduledAppointment(TypedDict):
    """An appointment, with the fields that it has in PMS events."""

    id: str
    """The PMS's own id, or Chairlink's for an appointment that Chairlink created (`apt_…`)."""
    patient: Patient | None
    """Null for a block-out, and if the PMS names no patient."""
    start: datetime
    duration_minutes: int
    practitioner_id: str | None
    chair_id: str | None
    service_id: str | None
    practitioner_minutes: int | None
    """How long the practitioner is busy; null if as long as the chair."""
    also: list[FurtherPractitioner]
    """Further practitioners on the visit."""
    status: AppointmentStatus
    origin: Literal["pms", "chairlink"]
    """Where the appointment was made."""
    request_id: str | None
    """The request that this appointment was made for or is linked to; null if there is none."""
    contradiction: ContradictingVersion | None
    """Null unless the PMS sent two contents under one version."""


class AppointmentMatch(TypedDict):
    """An appointment that may be the one that the patient asks for, with the reasons.

    If it has a `request_id`, it belongs to another request and cannot be linked.
    """

    appointment: ScheduledAppointment
    grade: Grade
    score: float
    """The probability that it is the same patient, from 0 to 1."""
    reasons: tuple[Reason, ...]
    """The comparison of each field."""
    same_patient_as: str | None
    """The id of a certain match with the same patient, by which this one was found; null for a direct match."""
    made_after_request: bool | None
    """Whether Chairlink made the appointment, or first received it, after the request; null if that is not known."""


def to_scheduled_appointment(appointment: Appointment) -> ScheduledAppointment:
    """The appointment; raises ValueError for one without a time, which no answer lists."""
    slot = appointment.slot
    if slot is None:
        raise ValueError("an appointment without a time is in no schedule")
    return {
        "id": appointment.id,
        "patient": appointment.patient,
        "start": slot.start,
        "duration_minutes": slot.duration_minutes,
        "practitioner_id": slot.practitioner_id,
        "chair_id": slot.chair_id,
        "service_id": slot.service_id,
        "practitioner_minutes": appointment.practitioner_minutes,
        "also": [
            {"practitioner_id": one.practitioner_id or "", "start": one.start, "duration_minutes": one.duration_minutes}
            for one in appointment.also
        ],
        "status": appointment.status,
        "origin": appointment.origin,
        "request_id": appointment.request_id,
        "contradiction": _to_contradicting_version(appointment.contradiction) if appointment.contradiction else None,
    }


def _to_contradicting_version(contradiction: Contradiction) -> ContradictingVersion:
    version: ContradictingVersion = {
        "version": contradiction.version,
        "patient": contradiction.patient,
        "status": contradiction.status,
        "deleted": contradiction.deleted,
    }
    if slot := contradiction.slot:
        version |= {
            "start": slot.start,
            "duration_minutes": slot.duration_minutes,
            "practitioner_id": slot.practitioner_id,
            "chair_id": slot.chair_id,
            "service_id": slot.service_id,
        }
    return version


def to_appointment_match(match: Match) -> AppointmentMatch:
    """The match with its appointment as staff see it."""
    return {
        "appointment": to_scheduled_appointment(match.appointment),
        "grade": match.grade,
        "score": match.score,
        "reasons": match.reasons,
        "same_patient_as": match.same_patient_as,
        "made_after_request": match.made_after_request,
    }
