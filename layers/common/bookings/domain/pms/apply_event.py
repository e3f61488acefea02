"""What one PMS event changes: the version rule, tombstones and contradictions."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.kernel.phone_numbers import to_e164
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.kernel.wall_time import to_local
from bookings.domain.pms.event_models import (
    AppointmentData,
    DeletedData,
    HoursData,
    PatientData,
)
from bookings.domain.practice.business_hours import Closure, Hours, OpenHours
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment, AppointmentStatus, Contradiction
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Attention, Request
from bookings.domain.scheduling.slot import Slot


def apply_upsert(
    practice: Practice, known: Appointment | None, data: AppointmentData, version: int, now: datetime
) -> Edit[Appointment] | None:
    """The edit that the event asks for; None if we know something newer, or this."""
    slot = Slot(
        start=to_local(data.start, practice.zone, "data.start"),
        duration_minutes=data.duration_minutes,
        practitioner_id=data.practitioner_id,
        chair_id=data.chair_id,
        service_id=data.service_id,
    )
    told = {
        "patient": _patient(data.patient, practice.country),
        "slot": known.completed(slot) if known else slot,
        "status": data.status,
        "deleted": False,
    }
    return _apply(practice, known, data.id, version, now, told)


def apply_delete(
    practice: Practice, known: Appointment | None, data: DeletedData, version: int, now: datetime
) -> Edit[Appointment] | None:
    """The edit that leaves a tombstone without personal data; None if we know something newer, or this."""
    told = {"patient": None, "slot": None, "status": AppointmentStatus.CANCELLED, "deleted": True}
    return _apply(practice, known, data.id, version, now, told)


def outcome_of(edit: Edit[Appointment] | None) -> EventOutcome:
    """What became of the event that asked for this edit."""
    if edit is None:
        return EventOutcome.IGNORED
    is_news = edit.before is None or edit.before.version != edit.after.version
    return EventOutcome.APPLIED if is_news else EventOutcome.CONTRADICTION


def _apply(
    practice: Practice,
    known: Appointment | None,
    appointment_id: str,
    version: int,
    now: datetime,
    told: dict[str, Any],
) -> Edit[Appointment] | None:
    if known is None:
        new = Appointment(
            id=appointment_id, practice_id=practice.id, origin="pms", version=version, made_at=now, **told
        )
        return Edit(None, new)
    if known.version is None or version > known.version:
        return revise(known, version=version, contradiction=None, **told)
    if version < known.version or all(getattr(known, name) == value for name, value in told.items()):
        return None
    other = Contradiction(version=version, **told)
    return None if other == known.contradiction else revise(known, contradiction=other)


def follow_appointment(request: Request | None, edit: Edit[Appointment], stamp: Stamp) -> ChangeSet:
    """The change that the event makes: a request that is linked to the appointment follows it."""
    after = edit.after
    change = ChangeSet(stamp=stamp, action="pms_changed", appointment=edit)
    if request is None or request.appointment_id != after.id:
        return change
    told = {
        "accepted": after.slot or request.accepted,
        "appointment_status": after.status,
        "appointment_cancelled_at": _cancelled_at(request, after, stamp),
        "attention": _attention(request, after),
        "pms_evidence": None,
    }
    if all(getattr(request, name) == value for name, value in told.items()):
        return change
    return replace(change, request=revise(request, **told))


def _attention(request: Request, appointment: Appointment) -> Attention | None:
    """The front desk looks at a request whose appointment the PMS takes away, until the PMS gives it back."""
    if not appointment.stands:
        is_news = request.appointment_status is not AppointmentStatus.CANCELLED
        return Attention.CANCELLED_IN_PMS if is_news else request.attention
    return None if request.attention is Attention.CANCELLED_IN_PMS else request.attention


def _cancelled_at(request: Request, appointment: Appointment, stamp: Stamp) -> datetime | None:
    """When the PMS took the appointment away; one that it gives back was not cancelled."""
    if appointment.stands:
        return None
    is_news = request.appointment_status is not AppointmentStatus.CANCELLED
    return stamp.at if is_news else request.appointment_cancelled_at


def to_hours(practice: Practice, data: HoursData) -> Hours:
    """The hours as the practice keeps them."""
    return Hours(
        weekly=tuple(
            OpenHours(
                weekday=stretch.weekday,
                start=time.fromisoformat(stretch.start),
                end=time.fromisoformat(stretch.end),
                chair_id=stretch.chair_id,
            )
            for stretch in data.weekly
        ),
        closures=tuple(
            Closure(
                start=to_local(closure.start, practice.zone, "data.closures.start"),
                end=to_local(closure.end, practice.zone, "data.closures.end"),
            )
            for closure in data.closures
        ),
    )


def _patient(data: PatientData, country: str) -> Patient:
    """The patient with a number in E.164; one that cannot be read stays as the PMS wrote it."""
    phone = data.phone and (to_e164(data.phone, country) or data.phone)
    return Patient(**{**data.model_dump(), "phone": phone})
