"""The settings of a practice that a manager may change; all other data comes from its PMS."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import EmailAddress, Name, Phone
from bookings.domain.practice.practice import ConfirmWhen, LanguageCode

_MINUTES_PER_DAY = 24 * 60


def _drop_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)


class PracticeSettings(Command):
    """A merge patch (RFC 7396): an omitted field stays as it is, null clears it."""

    # The defaults only make the fields optional; they are never applied.

    model_config = ConfigDict(json_schema_extra=_drop_defaults)

    name: Name = ""
    language: LanguageCode = "en"
    phone: Phone | None = None
    address: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    freshness_limit_minutes: Annotated[int, Field(ge=5, le=7 * _MINUTES_PER_DAY)] | None = None
    confirm_when: ConfirmWhen = "decided"
    auto_link: bool = False
    decision_target_minutes: Annotated[int, Field(ge=5, le=14 * _MINUTES_PER_DAY)] | None = None
    report_recipients: Annotated[tuple[EmailAddress, ...], Field(max_length=10)] = ()
    front_desk_recipients: Annotated[tuple[EmailAddress, ...], Field(max_length=10)] = ()

    @property
    def changes(self) -> Mapping[str, Any]:
        """The fields that the caller sent, with their new values."""
        return self.model_dump(exclude_unset=True)
