"""How answers look, as models. `bookings.entrypoints.responses` makes them; tests/integration/openapi.py holds the two together."""

from datetime import date
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from bookings.domain.insights.finding import Finding
from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.insights.recommended_fix import Fix
from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import Zoned
from bookings.domain.matching.match import Grade, Reason
from bookings.domain.practice.practice import Capabilities, ContradictedSection, Language, Practice, Service
from bookings.domain.reporting.conversion_report import Period, Report
from bookings.domain.reporting.scheduled_report import Cadence, Headline
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.conflicts import Fit, Obstacle
from bookings.domain.scheduling.day_sheet import Busy
from bookings.domain.scheduling.slot import Slot

_Item = TypeVar("_Item")


class Items(BaseModel, Generic[_Item]):
    """A list that comes whole."""

    items: list[_Item]


class Page(Items[_Item], Generic[_Item]):
    """A list that comes page by page."""

    next_cursor: str | None = Field(description="null on the last page")


class StaffRequest(Request):
    """A request as the front desk sees it."""

    fit: Fit | None = Field(description="null once it is decided")
    look_again_at: Zoned | None = Field(exclude=True)
    manage_digest: str = Field(exclude=True)
    outbox_id: str | None = Field(exclude=True)
    pms_synced_at: Zoned | None = Field(exclude=True)


class Named(Entity):
    """Somebody or something by name."""

    id: str
    name: str


class PracticeContact(Named):
    """Whom the patient has asked."""

    phone: str | None


class OwnRequest(Entity):
    """A request as its patient sees it."""

    id: str
    status: Status
    received_at: Zoned
    patient: Patient
    requested: Slot
    accepted: Slot | None
    practice: PracticeContact


class BookableService(Named):
    """Something that patients can ask for."""

    duration_minutes: int


class PublicPractice(Named):
    """What a booking page needs, nothing more."""

    timezone: str
    language: Language
    phone: str | None
    address: str | None
    practitioners: list[Named]
    services: list[BookableService]


class AgentFreshness(Entity):
    """When an agent last spoke, and how long ago it was last heard at all."""

    agent_id: str
    last_event_at: Zoned | None
    last_heartbeat_at: Zoned | None
    lag_seconds: int


class Freshness(Entity):
    """How old our knowledge of the PMS is."""

    synced_at: Zoned | None
    limit_minutes: int | None
    is_stale: bool
    agents: list[AgentFreshness]


class PmsState(Entity):
    """The PMS behind a practice."""

    kind: str
    capabilities: Capabilities
    freshness: Freshness
    contradictions: tuple[ContradictedSection, ...]


class StaffPractice(Practice):
    """A practice as its own people see it."""

    pms: PmsState  # type: ignore[assignment]  # an answer's form, not the domain's
    services: tuple[Service, ...]


class OtherWord(Entity):
    """What the PMS says of an appointment under a version that it has used for something else before."""

    version: int
    patient: Patient | None
    status: AppointmentStatus
    deleted: bool
    start: Zoned | None = None
    duration_minutes: int | None = None
    practitioner_id: str | None = None
    chair_id: str | None = None
    service_id: str | None = None


class PlacedAppointment(Slot):
    """An appointment in the shape in which the PMS tells of it."""

    id: str
    patient: Patient | None
    status: AppointmentStatus
    origin: Literal["pms", "chairlink"]
    request_id: str | None
    contradiction: OtherWord | None


class WantedAppointment(Entity):
    """An appointment in the shape of an event's, to be written; one that the PMS has deleted since is but its id."""

    id: str = Field(description="the PMS's own, where we know it")
    patient: Patient | None
    start: Zoned | None
    duration_minutes: int | None
    practitioner_id: str | None
    chair_id: str | None
    service_id: str | None
    status: AppointmentStatus
    write_id: str = Field(description="the token under which it is created: write it down beside the appointment")


class HandedOut(Entity):
    """Something to write into the PMS, leased for 60 s; `write_id` is the same however often it is handed out."""

    write_id: str
    kind: Literal["create", "update", "cancel"]
    appointment: WantedAppointment


class Pulled(Entity):
    """What the agent has in hand now."""

    writes: list[HandedOut]


class PossibleMatch(Entity):
    """An appointment that may be the patient's own, and why."""

    appointment: PlacedAppointment
    grade: Grade
    score: float
    reasons: tuple[Reason, ...]
    same_patient_as: str | None


class BusyTime(Busy):
    """A stretch that one appointment takes."""

    appointment_id: str
    since: Zoned | None = Field(exclude=True)


class Column(Named):
    """One chair's or practitioner's day."""

    busy: list[BusyTime]


class ScheduleDay(Entity):
    """A practice's day."""

    date: date
    timezone: str
    chairs: list[Column]
    practitioners: list[Column]
    appointments: list[PlacedAppointment]
    requests: list[StaffRequest]


class HistoryStep(Entity):
    """One step in a request's life: what was different before and after."""

    revision: int
    action: str
    at: Zoned
    by: str
    by_name: str | None = Field(description="what colleagues call them; null unless staff acted")
    before: dict[str, object] | None
    after: dict[str, object]


class ReportedPeriod(Period):
    """Days of receipt, both included, and the figures of the requests received on them."""

    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")


class ConversionReport(Report):
    """Received requests of a period and what became of them, beside the equal period before."""

    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")
    previous: ReportedPeriod


class Links(Entity):
    """Where the report can be opened for a quarter of an hour."""

    html: str
    csv: str
    json_: str = Field(serialization_alias="json")


class ListedReport(Entity):
    """A report that the clock has made; both days included."""

    id: str
    cadence: Cadence
    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")
    built_at: Zoned
    headline: Headline
    links: Links


class SuggestedFix(Fix):
    """What would help, also as a sentence in the practice's language."""

    text: str


class ToldFinding(Finding):
    """A cause that repeats itself in one place, also as a sentence in the practice's language."""

    text: str
    fix: SuggestedFix


class HandledFinding(Entity):
    """A finding as it was when somebody saw to it, when, and who."""

    finding: ToldFinding
    handled_at: Zoned
    handled_by: str
    handled_by_name: str | None = Field(description="what colleagues call them")


class FindingsOfDays(Entity):
    """Why the requests received on some days, both included, did not fit; the strongest finding first."""

    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")
    requests: int
    misfits: int
    causes: dict[Cause, int]
    items: list[ToldFinding]
    handled: list[HandledFinding]


class PlainLetter(Entity):
    """An e-mail as its plain part reads."""

    subject: str
    text: str


class FieldError(Entity):
    """One wrong field."""

    field: str
    message: str


class Problem(BaseModel):
    """A refusal (RFC 9457): what each `type` carries is in docs/api.md."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = None
    matches: list[PossibleMatch] | None = None
    conflicts: list[Obstacle] | None = None
    openings: list[Slot] | None = None
    request_status: Status | None = None
    allowed_moves: list[str] | None = None
    revision: int | None = None
    limit: int | None = None
