"""A practice: its people, chairs, services, opening hours and the PMS behind it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import zone
from bookings.domain.practice.agent import AgentActivity
from bookings.domain.practice.business_hours import Hours

Language = Literal["en", "fr"]

ConfirmWhen = Literal["decided", "written"]
"""Whether a confirmation goes out with the decision, or once the appointment stands in the PMS."""

SectionKind = Literal["practitioner", "chair", "service", "hours"]
"""What the PMS tells us of a practice, piece by piece."""


class Practitioner(Entity):
    """A dentist or hygienist; without hours of their own they work whenever the practice is open."""

    id: str
    name: str
    active: bool = True
    hours: Hours | None = None


class Chair(Entity):
    """A treatment chair; the PMS may call it an operatory."""

    id: str
    name: str
    active: bool = True
    hours: Hours | None = None


class Service(Entity):
    """Something a patient can book, and how long it takes."""

    id: str
    name: str
    duration_minutes: int
    active: bool = True


_Thing = TypeVar("_Thing", Practitioner, Chair, Service)


class Capabilities(Entity):
    """What the practice's PMS lets an agent do."""

    create: bool


class ContradictedSection(Entity):
    """A piece of the practice of which the PMS says two things under one version; `told` is the one kept aside."""

    kind: SectionKind
    id: str
    version: int
    told: Mapping[str, object]


class Pms(Entity):
    """The practice-management software behind a practice."""

    kind: str
    capabilities: Capabilities
    freshness_limit_minutes: int | None = Field(default=None, description="older data makes every fit unknown")
    synced_at: datetime | None = Field(default=None, description="the last sign of life of its agent")
    agents: tuple[AgentActivity, ...] = ()
    contradictions: tuple[ContradictedSection, ...] = ()


class Practice(Entity):
    """Everything a decision needs to know about a practice; one query loads it."""

    id: str
    name: str
    timezone: str
    country: str = Field(description="ISO 3166-1 alpha-2: how telephone numbers without a prefix are read")
    language: Language
    pms: Pms
    phone: str | None = None
    address: str | None = None
    confirm_when: ConfirmWhen = "decided"
    auto_link: bool = Field(default=False, description="accepting links a certain, unique match by itself")
    decision_target_minutes: int | None = Field(default=None, description="how soon the practice wants to decide")
    report_recipients: tuple[str, ...] = Field(default=(), description="e-mail addresses of managers")
    front_desk_recipients: tuple[str, ...] = Field(default=(), description="e-mail addresses of the front desk")
    hours: Hours | None = None
    practitioners: tuple[Practitioner, ...] = ()
    chairs: tuple[Chair, ...] = ()
    services: tuple[Service, ...] = ()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The practice's IANA time zone."""
        return zone(self.timezone)

    @property
    def names(self) -> dict[str, str]:
        """The names of everybody and everything the practice has or had, by id."""
        things: tuple[Practitioner | Chair | Service, ...] = (*self.services, *self.chairs, *self.practitioners)
        return {one.id: one.name for one in things}

    def practitioner(self, practitioner_id: str | None) -> Practitioner | None:
        """The practitioner of that id, if they still work here."""
        return _active(self.practitioners, practitioner_id)

    def chair(self, chair_id: str | None) -> Chair | None:
        """The chair of that id, if it is still in use."""
        return _active(self.chairs, chair_id)

    def service(self, service_id: str | None) -> Service | None:
        """The service of that id, if it is still offered."""
        return _active(self.services, service_id)

    def is_stale(self, now: datetime) -> bool:
        """Whether what we know of the schedule is older than the practice accepts."""
        limit, seen = self.pms.freshness_limit_minutes, self.pms.synced_at
        return limit is not None and (seen is None or (now - seen).total_seconds() > limit * 60)


def _active(things: Iterable[_Thing], thing_id: str | None) -> _Thing | None:
    return next((thing for thing in things if thing.id == thing_id and thing.active), None)
