"""What a manager may set on a practice; everything else about it comes from its PMS."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import EmailAddress, Name, Phone
from bookings.domain.practice.practice import ConfirmWhen, Language

DAY = 24 * 60


class PracticeSettings(Command):
    """A merge patch (RFC 7396): what is left out stays, null clears. So the defaults here are never applied."""

    name: Name = ""
    language: Language = "en"
    phone: Phone | None = None
    address: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    freshness_limit_minutes: Annotated[int, Field(ge=5, le=7 * DAY)] | None = None
    confirm_when: ConfirmWhen = "decided"
    auto_link: bool = False
    decision_target_minutes: Annotated[int, Field(ge=5, le=14 * DAY)] | None = None
    report_recipients: Annotated[tuple[EmailAddress, ...], Field(max_length=10)] = ()
    front_desk_recipients: Annotated[tuple[EmailAddress, ...], Field(max_length=10)] = ()

    @property
    def changes(self) -> Mapping[str, Any]:
        """The settings that the manager named, with their new values."""
        return self.model_dump(exclude_unset=True)
