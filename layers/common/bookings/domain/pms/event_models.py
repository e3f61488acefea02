"""What a PMS agent reports, and what it changes.

The rule of DESIGN §6: an event applies only if its version is newer than the one we know. Deletes leave a tombstone,
so duplicates, replays and any order end in the same state. The same version with another content is a contradiction:
nobody here can know which is true, so the first stands and the other is kept aside until a newer version settles it.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, StringConstraints

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import Day, Id, Name, Text, WrittenTime, date_time
from bookings.domain.requests.appointment import AppointmentStatus

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
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
_PractitionerId = Field(default=None, validation_alias=AliasChoices("practitioner_id", "provider_id", "provider"))
_ChairId = Field(default=None, validation_alias=AliasChoices("chair_id", "operatory_id", "operatory"))


class PatientData(Command):
    """A patient as the PMS has them: less is known for sure than on the booking page."""

    first_name: Name
    last_name: Name
    email: PmsText | None = None
    phone: PmsText | None = None
    date_of_birth: Day | None = None


class IdentifiedData(Command):
    """Whatever is about one thing."""

    id: Id


class AppointmentData(IdentifiedData):
    """`appointment.upserted`. `write_id` is the token of a PMS write, where the PMS has kept it with what it wrote."""

    patient: PatientData
    start: WrittenTime
    duration_minutes: Annotated[int, Field(ge=1, le=1440)]
    practitioner_id: Id | None = _PractitionerId
    chair_id: Id | None = _ChairId
    service_id: Id | None = None
    status: AppointmentStatus = AppointmentStatus.BOOKED
    write_id: Id | None = None


class DeletedData(IdentifiedData):
    """`appointment.deleted`."""


class ResourceData(IdentifiedData):
    """`practitioner.upserted` and `chair.upserted`, which may be called `provider` and `operatory`."""

    name: Name
    active: bool = True


class ServiceData(ResourceData):
    """`service.upserted`."""

    duration_minutes: Annotated[int, Field(ge=5, le=720)]


class WeeklyData(Command):
    """One stretch of a week; it ends on the day it begins."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    start: ClockTime
    end: ClockTime
    chair_id: Id | None = _ChairId


class ClosureData(Command):
    """A stretch without appointments."""

    start: WrittenTime
    end: WrittenTime


class HoursData(IdentifiedData):
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


EVENT_DATA: dict[str, type[Command]] = {
    "appointment.upserted": AppointmentData,
    "appointment.deleted": DeletedData,
    "practitioner.upserted": ResourceData,
    "provider.upserted": ResourceData,
    "chair.upserted": ResourceData,
    "operatory.upserted": ResourceData,
    "service.upserted": ServiceData,
    "hours.replaced": HoursData,
    "write.completed": CompletedData,
    "write.failed": FailedData,
    "heartbeat": Heartbeat,
}

UNVERSIONED_EVENTS = ("heartbeat", "write.completed", "write.failed")
"""What needs no version: the first outcome of a write wins, and a heartbeat changes nothing."""
