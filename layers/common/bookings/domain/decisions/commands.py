"""What callers may ask for, field by field. These models are the bodies of the HTTP contract."""

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from bookings.domain.kernel.base import Command
from bookings.domain.requests.request import RejectionReason

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_YEARS = range(1900, 2200)
"""At the ends of Python's calendar there is no instant, or no day after; nobody books there, or was born."""


def date_time(value: object) -> datetime:
    """The RFC 3339 date-time, its offset left out or not; ValueError for anything else."""
    if isinstance(value, str) and _DATE_TIME.fullmatch(value):
        with suppress(ValueError):
            moment = datetime.fromisoformat(value.upper())
            if moment.year in _YEARS:
                return moment
    raise ValueError("must be an RFC 3339 date-time; the offset may be left out")


def _date(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        with suppress(ValueError):
            day = date.fromisoformat(value)
            if day.year in _YEARS:
                return day
    raise ValueError("must be a date, year first: 2026-07-15")


WrittenTime = Annotated[datetime, BeforeValidator(date_time)]
"""A time as a caller writes it: without an offset it is meant in the practice's zone."""

Day = Annotated[date, BeforeValidator(_date)]
"""A day as a caller writes it. Pydantic alone would read digits as seconds since 1970: 19900402 as a day in August."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")]
Minutes = Annotated[int, Field(ge=5, le=720)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Email = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00-\x1f<>,;]+@[^@\s\x00-\x1f<>,;]+\.[^@\s.<>,;]+$")
]
Phone = Annotated[str, StringConstraints(min_length=5, max_length=40)]


class PatientDetails(Command):
    """Who asks. Without an address and a number nobody could answer."""

    first_name: Name
    last_name: Name
    email: Email | None = None
    phone: Phone | None = None
    date_of_birth: Day | None = None

    @model_validator(mode="after")
    def _can_be_answered(self) -> "PatientDetails":
        if self.email is None and self.phone is None:
            raise ValueError("an e-mail address or a phone number is needed")
        return self


class Wish(Command):
    """What is asked for; the duration may follow from the service."""

    start: WrittenTime
    duration_minutes: Minutes | None = None
    practitioner_id: Id | None = None
    chair_id: Id | None = None
    service_id: Id | None = None


class Submission(Command):
    """A patient's booking request."""

    patient: PatientDetails
    may_email: bool = True
    requested: Wish
    source: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")] = "website"
    note: Text | None = None
    new_patient: bool | None = None


class Override(Command):
    """The front desk books against the schedule and says why."""

    reason: Text


class Edits(Command):
    """What the front desk changes of a wish: what is left out stays as requested."""

    start: WrittenTime | None = None
    duration_minutes: Minutes | None = None
    practitioner_id: Id | None = None
    chair_id: Id | None = None
    service_id: Id | None = None


class Acceptance(Edits):
    """Accept, with or without edits."""

    notify: bool
    different_appointment: bool = False
    override: Override | None = None


class Linking(Command):
    """This appointment is the one that was asked for."""

    appointment_id: Id
    notify: bool


class Watching(Command):
    """Link it when the PMS brings the appointment."""

    notify: bool


class Rejection(Command):
    """No, and why."""

    reason: RejectionReason
    note: Text | None = None
    notify: bool


class DaysOfReceipt(Command):
    """Which requests to look at, by the day they were received, both included; the last 90 days if none is named."""

    first_day: Day | None = Field(default=None, alias="from")
    last_day: Day | None = Field(default=None, alias="to")


class Pull(Command):
    """How many PMS writes the agent would like to have in hand."""

    limit: Annotated[int, Field(ge=1, le=25)] = 10
