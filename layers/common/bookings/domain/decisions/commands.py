"""Commands: the request bodies and query parameters of the HTTP contract."""

from typing import Annotated

from pydantic import StringConstraints, model_validator

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import CallerDateTime, Day, EmailAddress, Id, Minutes, Name, Phone, Text
from bookings.domain.requests.request import RejectionReason


class PatientDetails(Command):
    """The patient of a booking request. An e-mail address or a phone number is required."""

    first_name: Name
    last_name: Name
    email: EmailAddress | None = None
    phone: Phone | None = None
    date_of_birth: Day | None = None

    @model_validator(mode="after")
    def _has_contact_details(self) -> "PatientDetails":
        if self.email is None and self.phone is None:
            raise ValueError("an e-mail address or a phone number is required")
        return self


class RequestedSlot(Command):
    """The requested slot. Without a duration, the service's duration is used."""

    start: CallerDateTime
    duration_minutes: Minutes | None = None
    practitioner_id: Id | None = None
    chair_id: Id | None = None
    service_id: Id | None = None


class Submission(Command):
    """A patient's booking request."""

    patient: PatientDetails
    may_email: bool = True
    requested: RequestedSlot
    source: Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z0-9_-]+$")] = "website"
    note: Text | None = None
    new_patient: bool | None = None


class Override(Command):
    """Accept in spite of a schedule conflict, for a reason that history keeps."""

    reason: Text


class Edits(Command):
    """The front desk's edits of the requested slot. Fields that are left out stay as requested."""

    start: CallerDateTime | None = None
    duration_minutes: Minutes | None = None
    practitioner_id: Id | None = None
    chair_id: Id | None = None
    service_id: Id | None = None


class Acceptance(Edits):
    """Accept a request, with or without edits.

    `different_appointment` says that none of the matches is the same appointment.
    """

    notify: bool
    different_appointment: bool = False
    override: Override | None = None


class Linking(Command):
    """Link a request to this appointment."""

    appointment_id: Id
    notify: bool


class Watching(Command):
    """Watch a request: link it when the PMS reports the appointment."""

    notify: bool


class Rejection(Command):
    """Reject a request, with a reason."""

    reason: RejectionReason
    note: Text | None = None
    notify: bool
