"""What callers may ask for, field by field. These models are the bodies of the HTTP contract."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import Day, EmailAddress, Id, Minutes, Name, Phone, Text, WrittenTime
from bookings.domain.requests.request import RejectionReason


class PatientDetails(Command):
    """Who asks. Without an address and a number nobody could answer."""

    first_name: Name
    last_name: Name
    email: EmailAddress | None = None
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
