"""What a PMS agent reports, and what it changes.

The rule of DESIGN §6: an event applies only if its version is newer than the one we know. Deletes leave a tombstone,
so duplicates, replays and any order end in the same state. The same version with another content is a contradiction:
nobody here can know which is true, so the first stands and the other is kept aside until a newer version settles it.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, StringConstraints

from bookings.domain.change_set import Change, Edit, Stamp, edited
from bookings.domain.decisions.commands import Day, Id, Name, Text, WrittenTime, date_time
from bookings.domain.kernel.base import Command
from bookings.domain.kernel.phone_numbers import to_e164
from bookings.domain.kernel.wall_time import local
from bookings.domain.practice.event_outcome import Heard
from bookings.domain.practice.practice import Closure, Hours, OpenHours, Practice
from bookings.domain.requests.appointment import Appointment, AppointmentStatus, Contradiction
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Attention, Request
from bookings.domain.scheduling.slot import Slot

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _version(value: object) -> object:
    """A rising number as it is; a timestamp as microseconds since 1970."""
    if isinstance(value, str):
        moment = date_time(value)
        if moment.tzinfo is None:
            raise ValueError("a timestamp as version needs an offset")
        return (moment - _EPOCH) // timedelta(microseconds=1)
    return value


Version = Annotated[int, BeforeValidator(_version), Field(ge=0, lt=10**30)]
PmsText = Annotated[str, StringConstraints(max_length=254)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Practitioner = Field(default=None, validation_alias=AliasChoices("practitioner_id", "provider_id", "provider"))
ChairAlias = Field(default=None, validation_alias=AliasChoices("chair_id", "operatory_id", "operatory"))


class PatientData(Command):
    """A patient as the PMS has them: less is known for sure than on the booking page."""

    first_name: Name
    last_name: Name
    email: PmsText | None = None
    phone: PmsText | None = None
    date_of_birth: Day | None = None


class Named(Command):
    """Whatever is about one thing."""

    id: Id


class AppointmentData(Named):
    """`appointment.upserted`. `write_id` is the token of a PMS write, where the PMS has kept it with what it wrote."""

    patient: PatientData
    start: WrittenTime
    duration_minutes: Annotated[int, Field(ge=1, le=1440)]
    practitioner_id: Id | None = Practitioner
    chair_id: Id | None = ChairAlias
    service_id: Id | None = None
    status: AppointmentStatus = AppointmentStatus.BOOKED
    write_id: Id | None = None


class DeletedData(Named):
    """`appointment.deleted`."""


class PersonData(Named):
    """`practitioner.upserted` and `chair.upserted`, which may be called `provider` and `operatory`."""

    name: Name
    active: bool = True


class ServiceData(PersonData):
    """`service.upserted`."""

    duration_minutes: Annotated[int, Field(ge=5, le=720)]


class WeeklyData(Command):
    """One stretch of a week; it ends on the day it begins."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    start: Clock
    end: Clock
    chair_id: Id | None = ChairAlias


class ClosureData(Command):
    """A stretch without appointments."""

    start: WrittenTime
    end: WrittenTime


class HoursData(Named):
    """`hours.replaced`: all the hours of the practice, a practitioner or a chair, whichever has that id."""

    weekly: list[WeeklyData] = Field(max_length=200)
    closures: list[ClosureData] = Field(default_factory=list, max_length=500)


class CompletedData(Command):
    """`write.completed`: the PMS has carried the write out; of a create it says the PMS's own id."""

    write_id: Id
    appointment_id: Id | None = None


class FailedData(Command):
    """`write.failed`: the PMS will not carry it out, and why, in words for the front desk."""

    write_id: Id
    reason: Text


class Heartbeat(Command):
    """`heartbeat`: the agent is alive and has nothing else to say."""


class Event(Command):
    """One event of a batch; `data` is read by its type."""

    type: str
    version: Version | None = None
    data: dict[str, Any] = Field(default_factory=dict)


KINDS: dict[str, type[Command]] = {
    "appointment.upserted": AppointmentData,
    "appointment.deleted": DeletedData,
    "practitioner.upserted": PersonData,
    "provider.upserted": PersonData,
    "chair.upserted": PersonData,
    "operatory.upserted": PersonData,
    "service.upserted": ServiceData,
    "hours.replaced": HoursData,
    "write.completed": CompletedData,
    "write.failed": FailedData,
    "heartbeat": Heartbeat,
}

UNVERSIONED = ("heartbeat", "write.completed", "write.failed")
"""What needs no version: the first outcome of a write wins, and a heartbeat changes nothing."""


def upserted(
    practice: Practice, known: Appointment | None, data: AppointmentData, version: int, now: datetime
) -> Edit[Appointment] | None:
    """The edit that the event asks for; None if we know something newer, or this."""
    slot = Slot(
        start=local(data.start, practice.zone, "data.start"),
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
    return _told(practice, known, data.id, version, now, told)


def deleted(
    practice: Practice, known: Appointment | None, data: DeletedData, version: int, now: datetime
) -> Edit[Appointment] | None:
    """The edit that leaves a tombstone without personal data; None if we know something newer, or this."""
    told = {"patient": None, "slot": None, "status": AppointmentStatus.CANCELLED, "deleted": True}
    return _told(practice, known, data.id, version, now, told)


def heard(edit: Edit[Appointment] | None) -> Heard:
    """What became of the event that asked for this edit."""
    if edit is None:
        return Heard.KNOWN
    is_news = edit.before is None or edit.before.version != edit.after.version
    return Heard.NEWS if is_news else Heard.CONTRADICTION


def _told(
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
        return edited(known, version=version, contradiction=None, **told)
    if version < known.version or all(getattr(known, name) == value for name, value in told.items()):
        return None
    other = Contradiction(version=version, **told)
    return None if other == known.contradiction else edited(known, contradiction=other)


def follow(request: Request | None, edit: Edit[Appointment], stamp: Stamp) -> Change:
    """The change that the event makes: a request that is linked to the appointment follows it."""
    after = edit.after
    change = Change(stamp=stamp, action="pms_changed", appointment=edit)
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
    return replace(change, request=edited(request, **told))


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


def hours(practice: Practice, data: HoursData) -> Hours:
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
                start=local(closure.start, practice.zone, "data.closures.start"),
                end=local(closure.end, practice.zone, "data.closures.end"),
            )
            for closure in data.closures
        ),
    )


def _patient(data: PatientData, country: str) -> Patient:
    """The patient with a number in E.164; one that cannot be read stays as the PMS wrote it."""
    phone = data.phone and (to_e164(data.phone, country) or data.phone)
    return Patient(**{**data.model_dump(), "phone": phone})
