"""Commands: the request bodies and query parameters of the HTTP contract."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from bookings.domain.kernel.base import Command, MergePatch
from bookings.domain.kernel.fields import (
    NOT_CLEARED,
    BirthDate,
    CallerDateTime,
    EmailAddress,
    Id,
    Minutes,
    Name,
    Phone,
    Text,
)
from bookings.domain.requests.request import RejectionReason

_Notify = Field(
    description="whether the patient gets an e-mail about it; true needs an e-mail address of theirs, and `may_email`"
)

_ChosenResource = Field(
    default=None, description="if neither this nor the request names one, the first that is free is chosen"
)


class PatientDetails(Command):
    """The patient of a booking request. An e-mail address or a phone number is required."""

    first_name: Name
    last_name: Name
    email: EmailAddress | None = Field(default=None, description="without one, no e-mail can be sent")
    phone: Phone | None = Field(default=None, description="with area code; the practice's country is the default")
    date_of_birth: BirthDate = Field(default=None, description="helps to find the patient's appointments in the PMS")

    @model_validator(mode="after")
    def _has_contact_details(self) -> "PatientDetails":
        if self.email is None and self.phone is None:
            raise ValueError("an e-mail address or a phone number is required")
        return self


class PatientCorrection(MergePatch):
    """Corrections of a request's patient. A field that is left out stays as it is; null clears it.

    The names cannot be cleared, nor the last way to reach the patient.
    """

    first_name: Annotated[Name, NOT_CLEARED] = ""
    last_name: Annotated[Name, NOT_CLEARED] = ""
    email: EmailAddress | None = Field(default=None, description="with another one, the patient's link ends")
    phone: Phone | None = Field(default=None, description="with area code; replaces the extension too")
    date_of_birth: BirthDate = None


class RequestedSlot(Command):
    """The requested slot. Without a duration, the service's duration is used."""

    start: CallerDateTime
    duration_minutes: Minutes | None = Field(default=None, description="required without `service_id`")
    practitioner_id: Id | None = Field(default=None, description="null for any practitioner")
    chair_id: Id | None = Field(default=None, description="null for any chair")
    service_id: Id | None = None


class Submission(Command):
    """A patient's booking request."""

    patient: PatientDetails
    may_email: bool = Field(default=True, description="false if the patient asked not to get e-mails; staff see it")
    requested: RequestedSlot
    source: Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z0-9_-]+$")] = Field(
        default="website", description="where the patient asked; the report can be grouped by it"
    )
    note: Text | None = Field(default=None, description="what the patient wants to tell the front desk")
    new_patient: bool | None = Field(default=None, description="whether the patient is new here; null for no answer")
    homepage: Annotated[str, StringConstraints(max_length=2000)] | None = Field(default=None, description="leave empty")

    @property
    def is_suspicious(self) -> bool:
        """Whether the field that no patient sees is filled in, as programs do that fill in every field (a honeypot)."""
        return bool(self.homepage)


class Override(Command):
    """Accept in spite of a schedule conflict, for a reason that history keeps.

    It covers the conflicts that exist when the call arrives, not one that another call adds in the same moment.
    """

    reason: Text = Field(description="why, for staff to read")


class Edits(Command):
    """The front desk's edits of the requested slot. Fields that are left out stay as requested."""

    start: CallerDateTime | None = None
    duration_minutes: Minutes | None = Field(
        default=None, description="without it, a new `service_id` brings the duration of that service"
    )
    practitioner_id: Id | None = _ChosenResource
    chair_id: Id | None = _ChosenResource
    service_id: Id | None = None


class Acceptance(Edits):
    """Accept a request, with or without edits. Fields that are left out stay as the patient requested them."""

    notify: bool = _Notify
    different_appointment: bool = Field(
        default=False, description="true: staff have seen the patient's matches, and none is this appointment"
    )
    override: Override | None = None


class Linking(Command):
    """Link a request to this appointment."""

    appointment_id: Id = Field(description="the id of the appointment in matches and in the schedule")
    notify: bool = _Notify


class Watching(Command):
    """Watch a request: link it when the PMS reports the appointment."""

    notify: bool = Field(
        description="whether the patient gets a confirmation when the request is linked; true needs an e-mail address "
        "of theirs, and `may_email`"
    )


class Rejection(Command):
    """Reject a request, with a reason."""

    reason: RejectionReason
    note: Text | None = Field(default=None, description="for staff to read; the patient does not see it")
    notify: bool = _Notify


class Reopening(Command):
    """Reopen a request. Without a body, the patient is told."""

    notify: bool = Field(
        default=True,
        description="whether the patient is told what is true now, if an e-mail about the decision may have arrived",
    )
