"""A practice in answers: as its staff see it, and as the booking page sees it."""

from datetime import datetime

from typing_extensions import TypedDict  # Pydantic asks for it on Python 3.11

from bookings.domain.practice.business_hours import Hours
from bookings.domain.practice.practice import (
    Capabilities,
    Chair,
    ConfirmWhen,
    ContradictedSection,
    LanguageCode,
    Practice,
    Practitioner,
    Service,
)


class AgentFreshness(TypedDict):
    """When an agent last sent an event and a heartbeat."""

    agent_id: str
    last_event_at: datetime | None
    """When it last sent an event other than a heartbeat; null if it never did."""
    last_heartbeat_at: datetime | None
    """Null if it never sent one."""
    lag_seconds: int
    """Seconds since it last sent an event or a heartbeat; up to a minute too much, because the practice is cached."""


class PmsFreshness(TypedDict):
    """How old Chairlink's data from the PMS is."""

    synced_at: datetime | None
    """When an agent last sent an event or a heartbeat; null if none ever did. A pull does not count."""
    limit_minutes: int | None
    """The setting `freshness_limit_minutes`. With older data, every fit is `unknown`; null for no limit."""
    is_stale: bool
    """Whether the data is older than the limit."""
    agents: list[AgentFreshness]


class PmsState(TypedDict):
    """The practice-management software of a practice."""

    kind: str
    """The product, such as `open_dental` or `dentrix`."""
    capabilities: Capabilities
    freshness: PmsFreshness
    contradictions: tuple[ContradictedSection, ...]
    """What the PMS sent with two contents under one version."""


class StaffPractice(TypedDict):
    """A practice as its staff see it, with its settings."""

    id: str
    name: str
    timezone: str
    """IANA name, such as `America/Vancouver`."""
    country: str
    """ISO 3166-1 alpha-2; the numbering plan of telephone numbers without a country code."""
    language: LanguageCode
    """Of the booking page, e-mails, reports and findings."""
    phone: str | None
    address: str | None
    confirm_when: ConfirmWhen
    """When an accepted patient gets the confirmation.

    With the decision (`decided`), or once the appointment is written into the PMS (`written`).
    """
    email_undo_seconds: int
    """The undo window: seconds that the e-mail of a decision waits, so that the decision can be undone without one."""
    auto_link: bool
    """Accepting as requested links the patient's one certain match instead, without asking."""
    notify_moves_automatically: bool
    """A patient whose confirmed visit the PMS moves gets an e-mail once it has not moved for ten minutes."""
    decision_target_minutes: int | None
    """Target time to decision, in minutes of business hours; null for no target."""
    report_recipients: tuple[str, ...]
    """E-mail addresses that get the scheduled reports."""
    front_desk_recipients: tuple[str, ...]
    """E-mail addresses that get one e-mail about each overdue request; if empty, `report_recipients` do."""
    hours: Hours | None
    """Null if the PMS has sent none: the practice then counts as always open."""
    practitioners: tuple[Practitioner, ...]
    chairs: tuple[Chair, ...]
    services: tuple[Service, ...]
    pms: PmsState


class NamedResource(TypedDict):
    """The id and the name of a practitioner."""

    id: str
    name: str


class BookableService(TypedDict):
    """A service that patients can request."""

    id: str
    name: str
    duration_minutes: int


class PublicPractice(TypedDict):
    """A practice as the booking page sees it."""

    id: str
    name: str
    timezone: str
    """IANA name, such as `America/Vancouver`."""
    language: LanguageCode
    phone: str | None
    address: str | None
    practitioners: list[NamedResource]
    services: list[BookableService]


def to_staff_practice(practice: Practice, now: datetime) -> StaffPractice:
    """The practice as its staff see it."""
    return {
        "id": practice.id,
        "name": practice.name,
        "timezone": practice.timezone,
        "country": practice.country,
        "language": practice.language,
        "phone": practice.phone,
        "address": practice.address,
        "confirm_when": practice.confirm_when,
        "email_undo_seconds": practice.email_undo_seconds,
        "auto_link": practice.auto_link,
        "notify_moves_automatically": practice.notify_moves_automatically,
        "decision_target_minutes": practice.decision_target_minutes,
        "report_recipients": practice.report_recipients,
        "front_desk_recipients": practice.front_desk_recipients,
        "hours": practice.hours,
        "practitioners": practice.practitioners,
        "chairs": practice.chairs,
        "services": practice.services,
        "pms": {
            "kind": practice.pms.kind,
            "capabilities": practice.pms.capabilities,
            "freshness": _to_pms_freshness(practice, now),
            "contradictions": practice.pms.contradictions,
        },
    }


def _to_pms_freshness(practice: Practice, now: datetime) -> PmsFreshness:
    return {
        "synced_at": practice.pms.synced_at,
        "limit_minutes": practice.pms.freshness_limit_minutes,
        "is_stale": practice.is_stale(now),
        "agents": [
            {
                "agent_id": agent.agent_id,
                "last_event_at": agent.last_event_at,
                "last_heartbeat_at": agent.last_heartbeat_at,
                "lag_seconds": int((now - agent.heard_at).total_seconds()),
            }
            for agent in practice.pms.agents
        ],
    }


def to_public_practice(practice: Practice) -> PublicPractice:
    """The practice as the booking page sees it."""
    return {
        "id": practice.id,
        "name": practice.name,
        "timezone": practice.timezone,
        "language": practice.language,
        "phone": practice.phone,
        "address": practice.address,
        "practitioners": [{"id": one.id, "name": one.name} for one in practice.practitioners if one.active],
        "services": [
            {"id": service.id, "name": service.name, "duration_minutes": service.duration_minutes}
            for service in practice.services
            if service.active
        ],
    }
