"""The settings of a practice that a manager may change; all other data comes from its PMS."""

from typing import Annotated

from pydantic import Field

from bookings.domain.kernel.base import MergePatch
from bookings.domain.kernel.fields import NOT_CLEARED, EmailAddress, Line, Name, Phone, WholeNumber
from bookings.domain.practice.practice import DEFAULT_UNDO_SECONDS, ConfirmWhen, LanguageCode

_MINUTES_PER_DAY = 24 * 60


class PracticeSettings(MergePatch):
    """A merge patch (RFC 7396): an omitted field stays as it is, null returns it to its default.

    `name` and `language` have no default, because every practice has its own: they cannot be cleared.
    """

    name: Annotated[Name, NOT_CLEARED] = Field(default="", description="patients read it")
    language: Annotated[LanguageCode, NOT_CLEARED] = Field(
        default="en", description="of the booking page, e-mails, reports and findings"
    )
    phone: Phone | None = Field(default=None, description="patients read it; with area code")
    address: Line | None = Field(default=None, description="patients read it")
    freshness_limit_minutes: Annotated[WholeNumber, Field(ge=5, le=7 * _MINUTES_PER_DAY)] | None = Field(
        default=None, description="with older data from the PMS every fit is `unknown`; null for no limit"
    )
    confirm_when: ConfirmWhen | None = Field(
        default="decided",
        description="when an accepted patient gets the confirmation: with the decision (`decided`), or once the "
        "appointment is written into the PMS (`written`)",
    )
    email_undo_seconds: Annotated[WholeNumber, Field(ge=0, le=120)] | None = Field(
        default=DEFAULT_UNDO_SECONDS,
        description="the undo window: seconds that the e-mail of a decision waits, so that the decision can be undone "
        "without an e-mail",
    )
    auto_link: bool | None = Field(
        default=False,
        description="accepting as requested links the patient's one certain match instead, without asking",
    )
    notify_moves_automatically: bool | None = Field(
        default=False,
        description="a patient whose confirmed visit the PMS moves gets an e-mail after ten minutes without a move",
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
