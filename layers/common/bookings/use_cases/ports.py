"""What the use cases need of storage. `storage` provides it over DynamoDB, the tests in memory."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from bookings.domain.change_set import ChangeSet, Snapshot
from bookings.domain.insights.finding import FindingMark
from bookings.domain.insights.misfit_cause import Misfit
from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.idempotency import IdempotencyRecord
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.email_delivery import (
    MimeEmail,
    SendAccepted,
    SendRefused,
)
from bookings.domain.outbox.overdue_email import RequestKey
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.practice.agent import Agent
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.domain.practice.practice import Practice, SectionKind
from bookings.domain.reporting.request_query import RequestFilters, RequestPage
from bookings.domain.reporting.scheduled_report import (
    ReportPeriod,
    ScheduledReport,
)
from bookings.domain.reporting.tally import Tally
from bookings.domain.reporting.tally_audit import TallyDifference
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey
from bookings.domain.scheduling.day_sheet_audit import SheetDifference
from bookings.domain.scheduling.slot import Slot

_One = TypeVar("_One")


_Other = TypeVar("_Other")


class PracticeReader(Protocol):
    """Practices."""

    def get(self, practice_id: str) -> Practice | None:
        """The practice of that id."""


class PracticeRepository(Protocol):
    """Practices and their agents."""

    def get(self, practice_id: str) -> Practice | None:
        """The practice of that id."""

    def agent(self, agent_id: str) -> Agent | None:
        """The agent of that id."""

    def update_settings(self, practice_id: str, changes: Mapping[str, object]) -> None:
        """Keep these settings of a practice that is there; the others stay as they are."""

    def record_section(
        self, practice_id: str, kind: SectionKind, section_id: str, version: int, section: Entity
    ) -> EventOutcome:
        """Keep what the PMS says of a piece of the practice, if it is news; aside, if it contradicts itself."""

    def record_agent_activity(self, agent: Agent, now: datetime, *, heartbeat: bool, events: bool) -> None:
        """The agent has just been heard: its heartbeat, events, or both."""


class RequestReader(Protocol):
    """Booking requests."""

    def load(self, practice_id: str, *, request_id: str | None = None) -> Snapshot:
        """The request as it stands now."""


class BookingStore(Protocol):
    """Requests, appointments and day sheets."""

    def load(
        self,
        practice_id: str,
        *,
        request_id: str | None = None,
        appointment_id: str | None = None,
        idempotency_record_id: str | None = None,
        write_id: str | None = None,
        sheets: Sequence[SheetKey] = (),
    ) -> Snapshot:
        """The named things as they stand."""

    def appointments(self, practice_id: str, appointment_ids: Sequence[str]) -> dict[str, Appointment]:
        """Those of the appointments that we know, by the id that was asked for, be it their own or the PMS's."""

    def candidates(self, practice: Practice, patient: Patient, now: datetime) -> list[Appointment]:
        """Appointments ahead, linked to no request, that share a key with the patient."""

    def requests(self, practice: Practice, filters: RequestFilters, cursor: str | None) -> RequestPage:
        """A page of the practice's requests."""

    def watched_requests(self, practice_id: str) -> list[Request]:
        """The practice's requests that wait for their appointment, oldest first."""

    def history(self, request_id: str) -> list[HistoryEntry]:
        """Everything that happened to the request."""

    def tallies(self, practice_id: str, first_day: date, last_day: date) -> list[Tally]:
        """The tallies of the days, both included."""

    def pms_writes(self, practice_id: str, write_ids: Sequence[str]) -> list[PmsWrite]:
        """Those of the PMS writes that there are."""

    def due_writes(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        """The practice's PMS writes that can be handed out, longest due first."""

    def unconfirmed_creates(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        """The practice's creates that the PMS has not confirmed."""

    def expired_writes(self, now: datetime, limit: int) -> list[PmsWrite]:
        """PMS writes of all practices that are to be given up, longest overdue first."""

    def commit(self, change: ChangeSet) -> None:
        """Write all of the change or nothing; raises Overtaken."""

    def run_concurrently(self, calls: Sequence[Callable[[], _One]]) -> list[_One]:
        """The results of independent calls, made side by side."""

    def run_both(self, one: Callable[[], _One], other: Callable[[], _Other]) -> tuple[_One, _Other]:
        """Two independent reads side by side."""


class DueRequestStore(Protocol):
    """Requests of all practices that wait for something."""

    def due_to_expire(self, now: datetime, limit: int) -> list[RequestKey]:
        """Pending requests whose start has passed, longest ago first."""

    def due_for_answer(self, now: datetime, limit: int) -> list[RequestKey]:
        """Pending requests whose practice's target time is over and whose front desk has not been told."""

    def due_for_pms_evidence(self, now: datetime, limit: int) -> list[RequestKey]:
        """Accepted requests of whose appointment the PMS should have spoken by now."""

    def due_for_recheck(self, now: datetime, limit: int) -> list[RequestKey]:
        """Watched requests that are due for a second look."""

    def flag(self, names: Sequence[RequestKey], email: Email | None) -> tuple[RequestKey, ...]:
        """Mark all of them as overdue with the letter about them, or name those that are not waiting any more."""


class EmailRepository(Protocol):
    """The outbox."""

    def get(self, outbox_id: str) -> Email | None:
        """The letter of that id, as it stands now."""

    def advance(self, before: Email, after: Email) -> bool:
        """Write the next state and show it on the request; False if the letter is not as it was read any more."""

    def due(self, now: datetime, limit: int) -> list[str]:
        """The ids of letters that should have moved by now."""


class EmailTransport(Protocol):
    """Whoever takes our mail."""

    def send(self, mime_email: MimeEmail, outbox_id: str) -> SendAccepted | SendRefused:
        """Hand the envelope over, once; what is reported of it later carries the outbox id."""


RenderPatientEmail = Callable[[Email, Request, Practice, datetime], MimeEmail]
"""Puts a letter into words; raises Unmailable for one that can never go out."""


RenderStaffEmail = Callable[[Email, Practice | None, datetime], MimeEmail]
"""Puts a letter to the practice's own people into words; raises Unmailable if there is nobody to write to."""


class FindingStore(Protocol):
    """Misfits, and the marks on findings that somebody has seen to."""

    def misfits(self, practice_id: str, first_day: date, last_day: date) -> list[Misfit]:
        """The misfits among the requests that were received on these days, both included; also those taken back."""

    def handled(self, practice_id: str) -> list[FindingMark]:
        """The findings that somebody has seen to."""

    def handle(self, mark: FindingMark, idempotency_record: IdempotencyRecord, now: datetime) -> IdempotencyRecord:
        """Keep the mark, in the place of an older one, and the receipt of the call that made it.

        Nothing is kept if the receipt of a call with the same key stands already. Gives the one that stands.
        """

    def idempotency_record(self, idempotency_record_id: str) -> IdempotencyRecord | None:
        """The receipt of that id."""


class MisfitStore(Protocol):
    """Where misfits are noted."""

    def note(self, misfit: Misfit) -> bool:
        """Keep the misfit; False if what stands there is from the same decision or a newer one."""


class ReportRepository(Protocol):
    """Reports that are made by the clock."""

    def practices_after(self, practice_id: str, limit: int) -> list[tuple[str, str]]:
        """Ids and zones of the practices that follow in the directory of all of them."""

    def planned(self) -> dict[str, date]:
        """By zone, the last morning that was planned to the end."""

    def mark_planned(self, zone: str, morning: date) -> None:
        """Remember that this morning was planned to the end."""

    def claim(self, report: ScheduledReport) -> bool:
        """Take the report in hand; False if it is built, or in somebody's hands."""

    def finish(self, report: ScheduledReport, email: Email | None) -> bool:
        """Keep the built report and the letter about it; False if somebody else has it by now."""

    def newest(self, practice_id: str, limit: int) -> list[ScheduledReport]:
        """The practice's reports, newest first."""


class ReportQueue(Protocol):
    """Where builders are told what to build."""

    def ask_for(self, wanted: Sequence[tuple[str, ReportPeriod]]) -> None:
        """Ask for these practices' reports about these periods."""


class RoundRobinStore(Protocol):
    """The directory of all practices, and how far through it somebody has come."""

    def practices_after(self, practice_id: str, limit: int) -> list[str]:
        """The ids that follow in the directory of all practices."""

    def cursor(self) -> str:
        """The practice whose turn was last."""

    def move_cursor(self, practice_id: str) -> None:
        """Remember the practice whose turn was last."""


class TallyAuditStore(RoundRobinStore, Protocol):
    """Tallies beside the requests that they count, and how far the audit has come."""

    def requests_of(self, practice: Practice, first_day: date, last_day: date) -> list[Request]:
        """All requests received on these days."""

    def tallies(self, practice_id: str, first_day: date, last_day: date) -> list[Tally]:
        """The tallies of these days."""

    def history(self, request_id: str) -> list[HistoryEntry]:
        """Everything that happened to the request."""

    def correct(self, practice_id: str, difference: TallyDifference) -> bool:
        """Write what is true, if the tally still is as it was read."""


class DaySheetAuditStore(RoundRobinStore, Protocol):
    """Day sheets beside the appointments that they say the times of."""

    def occupied(self, practice_id: str, first_day: date, last_day: date) -> dict[str, Slot]:
        """The times that appointments beginning on these days keep busy, by id; perhaps not the very latest."""

    def written_sheets(self, practice_id: str, first_day: date, last_day: date) -> list[DaySheet]:
        """The sheets of these days that somebody has written on."""

    def load(self, practice_id: str, *, sheets: Sequence[SheetKey] = ()) -> Snapshot:
        """The sheets as they stand."""

    def appointments(self, practice_id: str, appointment_ids: Sequence[str]) -> dict[str, Appointment]:
        """The appointments as they stand."""

    def mend(self, practice_id: str, difference: SheetDifference) -> bool:
        """Write what is true, if nobody has written on the sheet since it was read."""
