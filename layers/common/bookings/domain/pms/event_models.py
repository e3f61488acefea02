"""The events that a PMS agent reports, and the data of each event type (docs/api.md)."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, StringConstraints, WithJsonSchema

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import CallerDateTime, Id, Name, Text, parse_date_time
from bookings.domain.kernel.personal_data import (
    clean_line,
    or_unknown,
    parse_email,
    parse_name,
    parse_pms_birth_date,
)
from bookings.domain.kernel.phone_numbers import parse_extension, parse_phone_number
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.patient import Patient

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _parse_version(value: object) -> object:
    """A timestamp as microseconds since 1970. Numbers stay as they are."""
    if isinstance(value, str):
        moment = parse_date_time(value)
        if moment.tzinfo is None:
            raise ValueError("must be a number, or a date-time with an offset")
        return (moment - _EPOCH) // timedelta(microseconds=1)
    return value


Version = Annotated[
    int,
    BeforeValidator(_parse_version),
    Field(ge=0, lt=10**30),
    WithJsonSchema(
        {
            "type": ["integer", "string"],
            "minimum": 0,
            "exclusiveMaximum": 10**30,
            "format": "date-time",
            "maxLength": 40,
            "description": "The PMS's own rising number for this object, or the time of its latest change with its "
            "offset. A time counts as microseconds since 1970, so use one or the other for an object",
            "examples": [17, "2026-07-01T17:02:11Z"],
        }
    ),
]
_PMS_TEXT = WithJsonSchema({"anyOf": [{"type": "string", "maxLength": 254}, {"type": "null"}]})
PmsName = Annotated[str | None, BeforeValidator(or_unknown(parse_name)), _PMS_TEXT]
PmsEmail = Annotated[str | None, BeforeValidator(or_unknown(parse_email)), _PMS_TEXT]
PmsPhone = Annotated[str | None, BeforeValidator(or_unknown(clean_line)), _PMS_TEXT]
PmsBirthDate = Annotated[date | None, BeforeValidator(or_unknown(parse_pms_birth_date)), _PMS_TEXT]
"""A value of a PMS. What a form would refuse is unknown here, so that the appointment keeps its time."""

ClockTime = Annotated[str, StringConstraints(max_length=5, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
_PractitionerId = Field(
    default=None,
    validation_alias=AliasChoices("practitioner_id", "provider_id", "provider"),
    description="Also accepted as `provider_id` or `provider`",
)
_ChairId = Field(
    default=None,
    validation_alias=AliasChoices("chair_id", "operatory_id", "operatory"),
    description="Also accepted as `operatory_id` or `operatory`",
)


class PatientData(Command):
    """A patient in the PMS, who may have one name only. What cannot be used is unknown, and the event still counts."""

    first_name: PmsName = None
    last_name: PmsName = None
    email: PmsEmail = None
    phone: PmsPhone = Field(
        default=None, description="read as a number of the practice's country if it has no country code"
    )
    phone_extension: PmsPhone = Field(default=None, description="digits to dial after the number")
    date_of_birth: PmsBirthDate = Field(default=None, description="unknown if empty or a placeholder like 1900-01-01")

    def to_patient(self, country: str, today: date) -> Patient:
        """The patient as Chairlink keeps them. A birth date after today is unknown."""
        phone = parse_phone_number(self.phone, country) if self.phone else None
        born = self.date_of_birth
        return Patient(
            first_name=self.first_name,
            last_name=self.last_name,
            email=self.email,
            phone=phone and phone.number,
            phone_extension=phone and (phone.extension or parse_extension(self.phone_extension)),
            date_of_birth=born if born and born <= today else None,
        )


class IdentifiedData(Command):
    """The data of an event about one object."""

    id: Id = Field(description="The PMS's own id of the object; it never changes")


class AppointmentData(IdentifiedData):
    """An appointment that was made or changed in the PMS, with all its fields."""

    patient: PatientData
    start: CallerDateTime
    duration_minutes: Annotated[int, Field(ge=1, le=1440)]
    practitioner_id: Id | None = _PractitionerId
    chair_id: Id | None = _ChairId
    service_id: Id | None = None
    status: AppointmentStatus = AppointmentStatus.BOOKED
    write_id: Id | None = Field(
        default=None, description="Of an appointment that Chairlink asked for: the `write_id` of its write"
    )


class DeletedData(IdentifiedData):
    """An appointment that was deleted in the PMS. Its time is free again.

    One that is cancelled but still in the PMS is an `appointment.upserted` with `status` `cancelled`.
    """


class ResourceData(IdentifiedData):
    """A practitioner, chair or service, with all its fields."""

    name: Name
    active: bool = Field(default=True, description="False if patients can no longer be booked with it")


class PractitionerData(ResourceData):
    """A dentist or hygienist, new or changed."""


class ChairData(ResourceData):
    """A treatment chair, new or changed. Some PMSs call it an operatory."""


class ServiceData(ResourceData):
    """A service that patients can book, new or changed."""

    duration_minutes: Annotated[int, Field(ge=5, le=720)]


class WeeklyData(Command):
    """Business hours on one weekday, in local time and within one day. With a `chair_id` they apply in that chair only.

    A weekday may occur more than once, for instance before and after lunch.
    """

    weekday: Annotated[int, Field(ge=1, le=7, description="ISO 8601: 1 is Monday")]
    start: ClockTime = Field(description="local time, such as `08:00`")
    end: ClockTime = Field(description="local time, such as `17:00`")
    chair_id: Id | None = _ChairId


class ClosureData(Command):
    """A period without appointments: a holiday, a course, a broken chair."""

    start: CallerDateTime
    end: CallerDateTime


class HoursData(IdentifiedData):
    """All business hours of the practice, of a practitioner or of a chair. They replace the previous ones.

    A practitioner or chair without hours of its own is available whenever the practice is open.
    """

    id: Id = Field(description="Whose hours: Chairlink's id of the practice, or the PMS's of a practitioner or chair")
    weekly: list[WeeklyData] = Field(max_length=200, description="Open hours; a weekday without any is closed")
    closures: list[ClosureData] = Field(
        default_factory=list, max_length=500, description="Exceptions from the weekly hours"
    )


class CompletedData(Command):
    """A write that the agent carried out in the PMS. The first outcome of a write counts."""

    write_id: Id = Field(description="From the pulled write")
    appointment_id: Id | None = Field(
        default=None, description="The PMS's own id of the appointment; required after a `create`"
    )


class FailedData(Command):
    """A write that the PMS refused. The front desk sees why. The write is not handed out again."""

    write_id: Id = Field(description="From the pulled write")
    reason: Annotated[Text, Field(description="Why, for the front desk to read")]


class HeartbeatData(Command):
    """No data: the event says that the agent is running, also when nothing changes. Then send one every minute."""


class Event(Command):
    """One event of a batch. Its type decides how `data` is parsed (`EVENT_DATA`)."""

    type: str
    version: Version | None = None
    data: dict[str, Any] = Field(default_factory=dict)


EVENT_DATA: dict[str, type[Command]] = {
    "appointment.upserted": AppointmentData,
    "appointment.deleted": DeletedData,
    "practitioner.upserted": PractitionerData,
    "chair.upserted": ChairData,
    "service.upserted": ServiceData,
    "hours.replaced": HoursData,
    "write.completed": CompletedData,
    "write.failed": FailedData,
    "heartbeat": HeartbeatData,
}

EVENT_ALIASES: dict[str, str] = {
    "provider.upserted": "practitioner.upserted",
    "operatory.upserted": "chair.upserted",
}
"""Other names of event types, as some PMSs call them."""

EVENT_DATA |= {alias: EVENT_DATA[name] for alias, name in EVENT_ALIASES.items()}

UNVERSIONED_EVENTS = ("heartbeat", "write.completed", "write.failed")
"""Event types without a version: the first outcome of a write counts, and a heartbeat changes no object."""
