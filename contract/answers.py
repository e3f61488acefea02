"""The models of answers. `bookings.entrypoints.response_bodies` makes them.

Tests compare both through docs/openapi.json (tests/support/openapi_validation.py).
"""

from datetime import date
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from bookings.domain.insights.finding import Finding
from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.insights.recommended_fix import Fix
from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import ZonedDateTime
from bookings.domain.matching.match import Grade, Reason
from bookings.domain.practice.practice import Capabilities, ContradictedSection, LanguageCode, Practice, Service
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
    """A complete list."""

    items: list[_Item]


class Page(Items[_Item], Generic[_Item]):
    """A page of a list."""

    next_cursor: str | None = Field(description="Null on the last page")


class StaffRequest(Request):
    """A request as the front desk sees it."""

    fit: Fit | None = Field(description="Null after the decision")
    look_again_at: ZonedDateTime | None = Field(exclude=True)
    manage_digest: str = Field(exclude=True)
    outbox_id: str | None = Field(exclude=True)
    pms_synced_at: ZonedDateTime | None = Field(exclude=True)


class Named(Entity):
    """An id and a name."""

    id: str
    name: str


class PracticeContact(Named):
    """The practice that the request was sent to."""

    phone: str | None


class OwnRequest(Entity):
    """A request as its patient sees it."""

    id: str
    status: Status
    received_at: ZonedDateTime
    patient: Patient
    requested: Slot
    accepted: Slot | None
    practice: PracticeContact


class BookableService(Named):
    """A service that patients can request."""

    duration_minutes: int


class PublicPractice(Named):
    """A practice as the booking page sees it."""

    timezone: str
    language: LanguageCode
    phone: str | None
    address: str | None
    practitioners: list[Named]
    services: list[BookableService]


class AgentFreshness(Entity):
    """When an agent last sent an event and a heartbeat, and the seconds since it last sent anything."""

    agent_id: str
    last_event_at: ZonedDateTime | None
    last_heartbeat_at: ZonedDateTime | None
    lag_seconds: int


class Freshness(Entity):
    """How old our data from the PMS is."""

    synced_at: ZonedDateTime | None
    limit_minutes: int | None
    is_stale: bool
    agents: list[AgentFreshness]


class PmsState(Entity):
    """The PMS of a practice."""

    kind: str
    capabilities: Capabilities
    freshness: Freshness
    contradictions: tuple[ContradictedSection, ...]


class StaffPractice(Practice):
    """A practice as its staff see it."""

    pms: PmsState  # type: ignore[assignment]  # the answer has another form than the domain
    services: tuple[Service, ...]


class OtherWord(Entity):
    """An appointment event with the version of an earlier one but other content."""

    version: int
    patient: Patient | None
    status: AppointmentStatus
    deleted: bool
    start: ZonedDateTime | None = None
    duration_minutes: int | None = None
    practitioner_id: str | None = None
    chair_id: str | None = None
    service_id: str | None = None


class PlacedAppointment(Slot):
    """An appointment, with the fields that it has in PMS events."""

    id: str
    patient: Patient | None
    status: AppointmentStatus
    origin: Literal["pms", "chairlink"]
    request_id: str | None
    contradiction: OtherWord | None


class WantedAppointment(Entity):
    """An appointment to write into the PMS. If the PMS has deleted it since, only its ids are not null."""

    id: str = Field(description="The PMS's id, if Chairlink knows it")
    patient: Patient | None
    start: ZonedDateTime | None
    duration_minutes: int | None
    practitioner_id: str | None
    chair_id: str | None
    service_id: str | None
    status: AppointmentStatus
    write_id: str = Field(description="Store it in the PMS with the appointment, and send it in events about this")


class HandedOut(Entity):
    """A change to write into the PMS, leased for 60 s. If it is leased again, `write_id` is the same."""

    write_id: str
    kind: Literal["create", "update", "cancel"]
    appointment: WantedAppointment


class Pulled(Entity):
    """The writes that are leased to the agent now."""

    writes: list[HandedOut]


class PossibleMatch(Entity):
    """An appointment that may be the patient's, with the reasons."""

    appointment: PlacedAppointment
    grade: Grade
    score: float
    reasons: tuple[Reason, ...]
    same_patient_as: str | None


class BusyTime(Busy):
    """The time that one appointment occupies."""

    appointment_id: str
    since: ZonedDateTime | None = Field(exclude=True)


class Column(Named):
    """The day of a chair or practitioner."""

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
    """A change of a request: the changed fields before and after."""

    revision: int
    action: str
    at: ZonedDateTime
    by: str
    by_name: str | None = Field(description="The staff member's name; null if no staff acted")
    before: dict[str, object] | None
    after: dict[str, object]


class ReportedPeriod(Period):
    """Days of receipt, both included, and the figures of the requests received on them."""

    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")


class ConversionReport(Report):
    """The requests received in a period, what became of them, and the same for the period before."""

    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")
    previous: ReportedPeriod


class Links(Entity):
    """Links to the files of the report, which work for 15 minutes."""

    html: str
    csv: str
    json_: str = Field(serialization_alias="json")


class ListedReport(Entity):
    """A scheduled report; both days are included."""

    id: str
    cadence: Cadence
    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")
    built_at: ZonedDateTime
    headline: Headline
    links: Links


class SuggestedFix(Fix):
    """A recommended fix, also as a sentence in the practice's language."""

    text: str


class ToldFinding(Finding):
    """A recurring cause of misfits, also as a sentence in the practice's language."""

    text: str
    fix: SuggestedFix


class HandledFinding(Entity):
    """A finding as it was when a staff member marked it as handled, with who and when."""

    finding: ToldFinding
    handled_at: ZonedDateTime
    handled_by: str
    handled_by_name: str | None = Field(description="The staff member's name")


class FindingsOfDays(Entity):
    """Why requests received on these days, both included, did not fit; the strongest finding first."""

    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")
    requests: int
    misfits: int
    causes: dict[Cause, int]
    items: list[ToldFinding]
    handled: list[HandledFinding]


class PlainLetter(Entity):
    """Subject and plain text of an e-mail."""

    subject: str
    text: str


class FieldError(Entity):
    """One wrong field."""

    field: str
    message: str


class Problem(BaseModel):
    """A problem (RFC 9457). docs/api.md lists the members of each `type`."""

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
