"""The events that a PMS agent reports, and the data of each event type (docs/api.md)."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, StringConstraints

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import CallerDateTime, Day, Id, Name, Text, parse_date_time
from bookings.domain.requests.appointment import AppointmentStatus

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _parse_version(value: object) -> object:
    """A timestamp as microseconds since 1970. Numbers stay as they are."""
    if isinstance(value, str):
        moment = parse_date_time(value)
        if moment.tzinfo is None:
            raise ValueError("must be a number, or a date-time with an offset")
        return (moment - _EPOCH) // timedelta(microseconds=1)
    return value


Version = Annotated[int, BeforeValidator(_parse_version), Field(ge=0, lt=10**30)]
PmsText = Annotated[str, StringConstraints(max_length=254)]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
_PractitionerId = Field(default=None, validation_alias=AliasChoices("practitioner_id", "provider_id", "provider"))
_ChairId = Field(default=None, validation_alias=AliasChoices("chair_id", "operatory_id", "operatory"))


class PatientData(Command):
    """A patient in the PMS. E-mail address and phone number may be in any format."""

    first_name: Name
    last_name: Name
    email: PmsText | None = None
    phone: PmsText | None = None
    date_of_birth: Day | None = None


class IdentifiedData(Command):
    """The data of an event about one object."""

    id: Id


class AppointmentData(IdentifiedData):
    """`appointment.upserted`. `write_id` is the PMS write that created it, if the PMS stores that."""

    patient: PatientData
    start: CallerDateTime
    duration_minutes: Annotated[int, Field(ge=1, le=1440)]
    practitioner_id: Id | None = _PractitionerId
    chair_id: Id | None = _ChairId
    service_id: Id | None = None
    status: AppointmentStatus = AppointmentStatus.BOOKED
    write_id: Id | None = None


class DeletedData(IdentifiedData):
    """`appointment.deleted`."""


class ResourceData(IdentifiedData):
    """`practitioner.upserted` and `chair.upserted`, also named `provider.…` and `operatory.…`."""

    name: Name
    active: bool = True


class ServiceData(ResourceData):
    """`service.upserted`."""

    duration_minutes: Annotated[int, Field(ge=5, le=720)]


class WeeklyData(Command):
    """One weekly interval of business hours, within one day. Weekday 1 is Monday (ISO 8601)."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    start: ClockTime
    end: ClockTime
    chair_id: Id | None = _ChairId


class ClosureData(Command):
    """A period without appointments."""

    start: CallerDateTime
    end: CallerDateTime


class HoursData(IdentifiedData):
    """`hours.replaced`: all business hours of the practice, practitioner or chair with this id."""

    weekly: list[WeeklyData] = Field(max_length=200)
    closures: list[ClosureData] = Field(default_factory=list, max_length=500)


class CompletedData(Command):
    """`write.completed`: the write is in the PMS. After a create, `appointment_id` is the PMS's own id."""

    write_id: Id
    appointment_id: Id | None = None


class FailedData(Command):
    """`write.failed`: the PMS refused the write. `reason` is a text for the front desk."""

    write_id: Id
    reason: Text


class Heartbeat(Command):
    """`heartbeat`: the agent is running. It has no data."""


class Event(Command):
    """One event of a batch. Its type decides how `data` is parsed (`EVENT_DATA`)."""

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
"""Event types without a version: the first outcome of a write counts, and a heartbeat changes no object."""
