"""Apply one PMS event: the version rule, tombstones and contradictions.

An event applies only if its version is newer than the stored one. Deleting leaves a tombstone. So duplicates, replays
and any order end in the same state. Other content under a known version is a contradiction: the first content is used,
and the second is kept beside it until a newer version replaces both (docs/adr/0025).
"""

from datetime import datetime, time
from typing import Any

from bookings.domain.change_set import Edit, revise
from bookings.domain.kernel.wall_time import to_local
from bookings.domain.pms.event_models import AppointmentData, DeletedData, HoursData
from bookings.domain.practice.business_hours import Closure, Hours, OpenHours
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment, AppointmentStatus, Contradiction
from bookings.domain.scheduling.slot import Slot


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
        "patient": data.patient.to_patient(practice.country, today),
        "slot": known.with_our_resources(slot) if known else slot,
        "status": data.status,
        "deleted": False,
    }
    return _apply(practice, known, data.id, version, now, content)


def apply_delete(
    practice: Practice, known: Appointment | None, data: DeletedData, version: int, now: datetime
) -> Edit[Appointment] | None:
    """The edit that leaves a tombstone without personal data; None if outdated or already deleted."""
    content = {"patient": None, "slot": None, "status": AppointmentStatus.CANCELLED, "deleted": True}
    return _apply(practice, known, data.id, version, now, content)


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


def to_hours(practice: Practice, data: HoursData) -> Hours:
    """The business hours in our model, with closures in the practice's time zone."""
    return Hours(
        weekly=tuple(
            OpenHours(
                weekday=interval.weekday,
                start=time.fromisoformat(interval.start),
                end=time.fromisoformat(interval.end),
                chair_id=interval.chair_id,
            )
            for interval in data.weekly
        ),
        closures=tuple(
            Closure(
                start=to_local(closure.start, practice.zone, "data.closures.start"),
                end=to_local(closure.end, practice.zone, "data.closures.end"),
            )
            for closure in data.closures
        ),
    )
