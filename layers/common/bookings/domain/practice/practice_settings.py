"""The settings of a practice that a manager may change; all other data comes from its PMS."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import EmailAddress, Line, Name, Phone, WholeNumber
from bookings.domain.practice.practice import ConfirmWhen, LanguageCode

_MINUTES_PER_DAY = 24 * 60


def _refuse_null(value: object) -> object:
    if value is None:
        raise ValueError("cannot be cleared; leave it out to keep it")
    return value


_NOT_CLEARED = BeforeValidator(_refuse_null)


def _drop_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)


class PracticeSettings(Command):
    """A merge patch (RFC 7396): an omitted field stays as it is, null returns it to its default.

    `name` and `language` have no default, because every practice has its own: they cannot be cleared.
    """

    model_config = ConfigDict(json_schema_extra=_drop_defaults)

    name: Annotated[Name, _NOT_CLEARED] = Field(default="", description="patients read it")
    language: Annotated[LanguageCode, _NOT_CLEARED] = Field(
        default="en", description="of the booking page, e-mails, reports and findings"
    )
    phone: Phone | None = Field(default=None, description="patients read it; with area code")
    address: Annotated[Line, StringConstraints(max_length=200)] | None = Field(
        default=None, description="patients read it"
    )
    freshness_limit_minutes: Annotated[WholeNumber, Field(ge=5, le=7 * _MINUTES_PER_DAY)] | None = Field(
        default=None, description="with older data from the PMS every fit is `unknown`; null for no limit"
    )
    confirm_when: ConfirmWhen | None = Field(
        default="decided",
        description="when an accepted patient gets the confirmation: with the decision (`decided`), or once the "
        "appointment is written into the PMS (`written`)",
    )
    auto_link: bool | None = Field(
        default=False,
        description="accepting as requested links the patient's one certain match instead, without asking",
    )
    decision_target_minutes: Annotated[WholeNumber, Field(ge=5, le=14 * _MINUTES_PER_DAY)] | None = Field(
        default=None, description="target time to decision, in minutes of business hours; null for no target"
    )
    report_recipients: Annotated[tuple[EmailAddress, ...], Field(max_length=10)] | None = Field(
        default=(), description="e-mail addresses that get the scheduled reports"
    )
    front_desk_recipients: Annotated[tuple[EmailAddress, ...], Field(max_length=10)] | None = Field(
        default=(),
        description="e-mail addresses that get one e-mail about each overdue request; if empty, `report_recipients` do",
    )

    @property
    def changes(self) -> Mapping[str, Any]:
        """The fields that the caller sent, with their new values; the default of its field in place of null."""
        fields = type(self).model_fields
        sent = self.model_dump(exclude_unset=True)
        return {name: fields[name].default if value is None else value for name, value in sent.items()}
