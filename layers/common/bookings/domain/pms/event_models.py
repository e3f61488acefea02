"""The events that a PMS agent reports, and the data of each event type (docs/api.md)."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field, WithJsonSchema

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import CallerDateTime, Id, Minutes, Name, WholeNumber, parse_date_time
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


def _parse_clock_time(value: object, latest: str) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-2][0-9]:[0-5][0-9]", value) and value <= latest:
        return value
    raise ValueError(f"must be a time from 00:00 to {latest}")


def _end_of_day_as_midnight(value: object) -> object:
    """A date-time at 24:00 as 00:00 of the next day (ISO 8601-1). `datetime` reads it from Python 3.14 on."""
    match = (
        re.fullmatch(r"(\d{4}-\d\d-\d\d)[Tt]24(:00(?::00(?:\.0+)?)?)(.*)", value) if isinstance(value, str) else None
    )
    if not match:
        return value
    with suppress(ValueError, OverflowError):
        return f"{date.fromisoformat(match[1]) + timedelta(days=1)}T00{match[2]}{match[3]}"
    return value


def _parse_version(value: object) -> object:
    """A timestamp as microseconds since 1970, digits as a number. Numbers stay as they are."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"[0-9]{1,40}", value):
        return int(value)
    with suppress(ValueError):
        moment = parse_date_time(value)
        if moment.tzinfo is not None:
            return (moment - _EPOCH) // timedelta(microseconds=1)
    raise ValueError("must be a whole number, also as text, or a date-time with an offset")


Version = Annotated[
    WholeNumber,
    BeforeValidator(_parse_version),
    Field(ge=0, lt=10**38),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "exclusiveMaximum": 10**38},
                {"type": "string", "pattern": "^[0-9]{1,38}$", "maxLength": 38},
                {"type": "string", "format": "date-time", "maxLength": 40},
            ],
            "description": "The PMS's own rising number for this object, of up to 38 digits, or the time of its latest "
            "change with its offset. Write numbers above 2^53 as text if your JSON library rounds them. A time counts "
            "as microseconds since 1970, so use one or the other for an object",
            "examples": [17, "9223372036854775807", "2026-07-01T17:02:11Z"],
        }
    ),
]
"""DynamoDB keeps numbers of up to 38 digits exactly."""

_PMS_TEXT = WithJsonSchema({"anyOf": [{"type": "string", "maxLength": 254}, {"type": "null"}]})
PmsName = Annotated[str | None, BeforeValidator(or_unknown(parse_name)), _PMS_TEXT]
PmsEmail = Annotated[str | None, BeforeValidator(or_unknown(parse_email)), _PMS_TEXT]
PmsPhone = Annotated[str | None, BeforeValidator(or_unknown(clean_line)), _PMS_TEXT]
PmsBirthDate = Annotated[date | None, BeforeValidator(or_unknown(parse_pms_birth_date)), _PMS_TEXT]
"""A value of a PMS. What a form would refuse is unknown here, so that the appointment keeps its time."""

ClockTime = Annotated[
    str,
    BeforeValidator(partial(_parse_clock_time, latest="23:59")),
    WithJsonSchema({"type": "string", "maxLength": 5, "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}),
]
ClosingTime = Annotated[
    str,
    BeforeValidator(partial(_parse_clock_time, latest="24:00")),
    WithJsonSchema({"type": "string", "maxLength": 5, "pattern": r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"}),
]
"""ISO 8601-1 writes the end of a day 24:00."""

VisitMinutes = Annotated[WholeNumber, Field(ge=1, le=1440)]

PmsStatus = Literal[
    "proposed", "pending", "booked", "arrived", "checked-in", "fulfilled", "cancelled", "noshow", "waitlist",
    "entered-in-error",
]  # fmt: skip
"""The codes of FHIR R4's Appointment.status: https://hl7.org/fhir/R4/valueset-appointmentstatus.html"""

_STATUS_OF_FHIR = {"checked-in": AppointmentStatus.ARRIVED, "waitlist": AppointmentStatus.CANCELLED}

MAX_REASON_LENGTH = 1000

NO_REASON = "The PMS gave no reason."
"""What the front desk reads if a write failed without one."""


def _parse_reason(value: object) -> str:
    """The reason as one line of the right length: no reason is so odd that the write may go out again."""
    text = clean_line(value) if isinstance(value, str) else ""
    return text[:MAX_REASON_LENGTH] or NO_REASON


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


class AlsoData(Command):
    """A further practitioner on a visit: from its start to its end, or at a time of their own."""

    practitioner_id: Id = Field(  # type: ignore[pydantic-alias]  # only JSON makes one
        validation_alias=AliasChoices("practitioner_id", "provider_id", "provider"),
        description="Also accepted as `provider_id` or `provider`",
    )
    start: CallerDateTime | None = Field(
        default=None, description="The visit's own if it is left out; within a day of it"
    )
    duration_minutes: VisitMinutes | None = Field(default=None, description="Until the visit ends if it is left out")


class AppointmentData(IdentifiedData):
    """An appointment that was made or changed in the PMS, with all its fields."""

    patient: PatientData | None = Field(
        default=None, description="Left out for a block-out: a time that is kept free of patients"
    )
    start: CallerDateTime
    duration_minutes: VisitMinutes
    practitioner_id: Id | None = _PractitionerId
    practitioner_minutes: VisitMinutes | None = Field(
        default=None,
        description="How long the practitioner is busy from the start, if not as long as the chair",
    )
    chair_id: Id | None = _ChairId
    service_id: Id | None = None
    also: list[AlsoData] = Field(
        default_factory=list, max_length=10, description="Further practitioners on the visit, with their own times"
    )
    status: PmsStatus = AppointmentStatus.BOOKED.value
    write_id: Id | None = Field(
        default=None, description="Of an appointment that Chairlink asked for: the `write_id` of its write"
    )

    @property
    def appointment_status(self) -> AppointmentStatus:
        """The status in our codes. What is on a waiting list takes no time, as if it were cancelled."""
        return _STATUS_OF_FHIR.get(self.status) or AppointmentStatus(self.status)

    @property
    def is_entered_in_error(self) -> bool:
        """Whether the PMS says that it never was an appointment."""
        return self.status == "entered-in-error"


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

    duration_minutes: Minutes


class WeeklyData(Command):
    """Business hours that begin on one weekday, in local time. With a `chair_id` they apply in that chair only.

    A weekday may occur more than once, for instance before and after lunch.
    """

    weekday: Annotated[WholeNumber, Field(ge=1, le=7, description="ISO 8601: 1 is Monday")]
    start: ClockTime = Field(description="local time, such as `08:00`")
    end: ClosingTime = Field(
        description="local time, such as `17:00`; `24:00` is the end of the day, and a time before `start` is on the "
        "next day"
    )
    chair_id: Id | None = _ChairId


class ClosureData(Command):
    """A period without appointments: a holiday, a course, a broken chair."""

    start: CallerDateTime
    end: Annotated[CallerDateTime, BeforeValidator(_end_of_day_as_midnight)]


class HoursData(IdentifiedData):
    """All business hours of the practice, of a practitioner or of a chair. They replace the previous ones.

    A practitioner or chair without hours of its own is available whenever the practice is open.
    """

    of: Literal["practice", "practitioner", "chair"] | None = Field(
        default=None, description="Whose id it is, if a practitioner and a chair may have the same one"
    )
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
    reason: Annotated[
        str, BeforeValidator(_parse_reason), WithJsonSchema({"type": "string", "maxLength": 256 * 1024})
    ] = Field(
        default=NO_REASON,
        description=f"Why, for the front desk to read; cut after {MAX_REASON_LENGTH} characters",
    )


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
