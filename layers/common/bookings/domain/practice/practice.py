"""A practice: its practitioners, chairs, services, business hours, settings and PMS."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import get_zone
from bookings.domain.practice.agent import AgentActivity
from bookings.domain.practice.business_hours import Hours

LanguageCode = Literal["en", "fr"]

ConfirmWhen = Literal["decided", "written"]
"""When the confirmation is sent: with the decision, or once the appointment is written into the PMS."""

DEFAULT_UNDO_SECONDS = 20

SectionKind = Literal["practitioner", "chair", "service", "hours", "practitioner_hours", "chair_hours"]
"""The sections of a practice that the PMS sends one at a time, each with its own version.

`hours` are of the practice, or of whoever has that id, where the PMS does not say whose they are.
"""


class Practitioner(Entity):
    """A dentist or hygienist. Without `hours`, they work whenever the practice is open."""

    id: str
    name: str
    active: bool = Field(default=True, description="false if it can no longer be booked")
    hours: Hours | None = Field(default=None, description="null: available whenever the practice is open")


class Chair(Entity):
    """A treatment chair, called an operatory in some PMSs."""

    id: str
    name: str
    active: bool = Field(default=True, description="false if it can no longer be booked")
    hours: Hours | None = Field(default=None, description="null: available whenever the practice is open")


class Service(Entity):
    """A service that patients can book, and its duration."""

    id: str
    name: str
    duration_minutes: int
    active: bool = Field(default=True, description="false if it can no longer be booked")


_Item = TypeVar("_Item", Practitioner, Chair, Service)


class Capabilities(Entity):
    """What an agent can do in the practice's PMS."""

    create: bool = Field(
        description="whether it can create appointments; otherwise requests are linked and cannot be accepted"
    )


class ContradictedSection(Entity):
    """A section that the PMS sent with two contents under one version; `told` is the content that is not in effect."""

    kind: SectionKind
    id: str = Field(description="the PMS's id of the object; for `hours`, whose hours they are")
    version: int
    told: Mapping[str, object]


class Pms(Entity):
    """The practice-management software (PMS) of a practice, and how current its data is."""

    kind: str
    capabilities: Capabilities
    freshness_limit_minutes: int | None = Field(
        default=None, description="with PMS data older than this, every fit is unknown; null for no limit"
    )
    synced_at: datetime | None = Field(default=None, description="when an agent last called")
    agents: tuple[AgentActivity, ...] = ()
    contradictions: tuple[ContradictedSection, ...] = ()


class Practice(Entity):
    """A practice with everything that a decision needs; one query loads it."""

    id: str
    name: str
    timezone: str
    country: str = Field(
        description="ISO 3166-1 alpha-2; the numbering plan of telephone numbers without a country code"
    )
    language: LanguageCode
    pms: Pms
    phone: str | None = None
    address: str | None = None
    confirm_when: ConfirmWhen = "decided"
    email_undo_seconds: int = Field(
        default=DEFAULT_UNDO_SECONDS, description="the undo window: how long the e-mail of a front-desk decision waits"
    )
    auto_link: bool = Field(default=False, description="accepting links the request if exactly one match is certain")
    notify_moves_automatically: bool = Field(
        default=False, description="patients are told by themselves of a visit that the PMS has moved"
    )
    decision_target_minutes: int | None = Field(
        default=None, description="target time to decision, in minutes of business hours"
    )
    report_recipients: tuple[str, ...] = Field(default=(), description="e-mail addresses of managers")
    front_desk_recipients: tuple[str, ...] = Field(default=(), description="e-mail addresses of the front desk")
    hours: Hours | None = None
    practitioners: tuple[Practitioner, ...] = ()
    chairs: tuple[Chair, ...] = ()
    services: tuple[Service, ...] = ()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The practice's IANA time zone."""
        return get_zone(self.timezone)

    @property
    def names(self) -> dict[str, str]:
        """Names by id of all services, chairs and practitioners, including inactive ones."""
        items: tuple[Practitioner | Chair | Service, ...] = (*self.services, *self.chairs, *self.practitioners)
        return {item.id: item.name for item in items}

    def practitioner(self, practitioner_id: str | None) -> Practitioner | None:
        """The active practitioner with that id, or None."""
        return _find_active(self.practitioners, practitioner_id)

    def chair(self, chair_id: str | None) -> Chair | None:
        """The active chair with that id, or None."""
        return _find_active(self.chairs, chair_id)

    def service(self, service_id: str | None) -> Service | None:
        """The active service with that id, or None."""
        return _find_active(self.services, service_id)

    def is_stale(self, now: datetime) -> bool:
        """Whether the PMS data is older than the practice's freshness limit."""
        limit, synced_at = self.pms.freshness_limit_minutes, self.pms.synced_at
        return limit is not None and (synced_at is None or (now - synced_at).total_seconds() > limit * 60)


def _find_active(items: Iterable[_Item], item_id: str | None) -> _Item | None:
    return next((item for item in items if item.id == item_id and item.active), None)
