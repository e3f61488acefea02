"""Apply one PMS event: the version rule, tombstones and contradictions.

An event applies only if its version is newer than the stored one. Deleting leaves a tombstone. So duplicates, replays
and any order end in the same state. Other content under a known version is a contradiction: the first content is used,
and the second is kept beside it until a newer version replaces both (docs/adr/0025).
"""

from datetime import datetime, timedelta
from typing import Any

from bookings.domain.change_set import Edit, revise
from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.wall_time import to_local
from bookings.domain.pms.event_models import AlsoData, AppointmentData, DeletedData
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment, AppointmentStatus, Contradiction
from bookings.domain.requests.patient import Patient
from bookings.domain.scheduling.slot import Slot

_MAX_MINUTES = 24 * 60
"""How long anybody is on a visit, as in the events."""


def apply_upsert(
    practice: Practice, known: Appointment | None, data: AppointmentData, version: int, now: datetime
) -> Edit[Appointment] | None:
    """The edit that creates or changes the appointment; None if the event is outdated or changes nothing."""
    slot = Slot(
        start=to_local(data.start, practice.zone, "data.start"),
        duration_minutes=data.duration_minutes,
        practitioner_id=data.practitioner_id,
        chair_id=data.chair_id,
        service_id=data.service_id,
    )
    today = now.astimezone(practice.zone).date()
    content = {
        "patient": data.patient.to_patient(practice.country, today) if data.patient else _our_patient(known),
        "slot": known.with_our_resources(slot) if known else slot,
        "status": data.appointment_status,
        "deleted": False,
        "practitioner_minutes": data.practitioner_minutes,
        "also": tuple(_further_slot(practice, slot, index, one) for index, one in enumerate(data.also)),
    }
    return _apply(practice, known, data.id, version, now, content)


def apply_delete(
    practice: Practice, known: Appointment | None, data: DeletedData, version: int, now: datetime
) -> Edit[Appointment] | None:
    """The edit that leaves a tombstone without personal data; None if outdated or already deleted."""
    content = {
        "patient": None,
        "slot": None,
        "status": AppointmentStatus.CANCELLED,
        "deleted": True,
        "practitioner_minutes": None,
        "also": (),
    }
    return _apply(practice, known, data.id, version, now, content)


def _our_patient(known: Appointment | None) -> Patient | None:
    """The patient of an appointment that Chairlink created. A PMS that names none does not make it a block-out."""
    return known.patient if known and known.origin == "chairlink" else None


def _further_slot(practice: Practice, visit: Slot, index: int, data: AlsoData) -> Slot:
    """When a further practitioner is on the visit; raises Invalid if that is not within a day of its start."""
    field = f"data.also.{index}.start"
    start = to_local(data.start, practice.zone, field) if data.start else visit.start
    if abs(start - visit.begins) > timedelta(days=1):
        raise Invalid.field(field, "must be within 24 hours of the start of the appointment")
    until_the_end = int((visit.ends - start).total_seconds()) // 60
    minutes = data.duration_minutes or (until_the_end if until_the_end > 0 else visit.duration_minutes)
    return Slot(start=start, duration_minutes=min(minutes, _MAX_MINUTES), practitioner_id=data.practitioner_id)


def outcome_of(edit: Edit[Appointment] | None) -> EventOutcome:
    """The outcome of the event that led to this edit."""
    if edit is None:
        return EventOutcome.IGNORED
    is_new_version = edit.before is None or edit.before.version != edit.after.version
    return EventOutcome.APPLIED if is_new_version else EventOutcome.CONTRADICTION


def _apply(
    practice: Practice,
    known: Appointment | None,
    appointment_id: str,
    version: int,
    now: datetime,
    content: dict[str, Any],
) -> Edit[Appointment] | None:
    """The version rule; the module's docstring has it."""
    if known is None:
        new = Appointment(
            id=appointment_id, practice_id=practice.id, origin="pms", version=version, made_at=now, **content
        )
        return Edit(None, new)
    if known.version is None or version > known.version:
        return revise(known, version=version, contradiction=None, **content)
    if version < known.version or all(getattr(known, name) == value for name, value in content.items()):
        return None
    contradiction = Contradiction(version=version, **content)
    return None if contradiction == known.contradiction else revise(known, contradiction=contradiction)
