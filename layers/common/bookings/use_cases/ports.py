"""The ports: what the use cases need of storage, queues and e-mail transport.

`storage` and `emails` provide them over AWS, tests/support in memory. The same contract tests run over both.

The imports are for the type checker alone: at a cold start, a port must not load what only another function uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime, timedelta

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
    from bookings.domain.requests.other_requests import RequestSummary
    from bookings.domain.requests.patient import Patient
    from bookings.domain.requests.request import Request, RequestKey
    from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey
    from bookings.domain.scheduling.day_sheet_audit import SheetDifference
    from bookings.domain.scheduling.slot import Slot

_One = TypeVar("_One")
_Other = TypeVar("_Other")


class PracticeRepository(Protocol):
    """Practices and their agents."""

    def get(self, practice_id: str) -> Practice | None:
        """The practice with this id."""

    def agent(self, agent_id: str) -> Agent | None:
        """The agent with this id."""

    def update_settings(self, practice_id: str, changes: Mapping[str, object]) -> None:
        """Set these settings of an existing practice; the others stay as they are."""

    def record_section(
        self, practice_id: str, kind: SectionKind, section_id: str, version: int, section: Entity
    ) -> EventOutcome:
        """Store a section of the practice if its version is newer. A contradiction is stored beside it."""

    def record_agent_activity(self, agent: Agent, now: datetime, *, heartbeat: bool, events: bool) -> None:
        """Record that the agent has just sent a heartbeat, events, or both."""


class BookingStore(Protocol):
    """Requests, appointments, day sheets, tallies and PMS writes."""

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
        """The entities with these ids as they are stored. A sheet that is not stored is returned empty."""

    def appointments(self, practice_id: str, appointment_ids: Sequence[str]) -> dict[str, Appointment]:
        """The stored ones of these appointments, by the given id, which may be ours or the PMS's."""

    def candidates(self, practice: Practice, patient: Patient, now: datetime) -> list[Appointment]:
        """Standing future appointments that share a match key with the patient, also those of other requests."""

    def requests_of(self, practice_id: str, patient: Patient) -> list[RequestSummary]:
        """The newest requests of patients with the same names as this one, the newest first."""

    def requests(self, practice: Practice, filters: RequestFilters, cursor: str | None) -> RequestPage:
        """A page of the practice's requests."""

    def watched_requests(self, practice_id: str) -> list[Request]:
        """The practice's watched requests, oldest first."""

    def history(self, request_id: str) -> list[HistoryEntry]:
        """The history of the request, oldest entry first."""

    def tallies(self, practice_id: str, first_day: date, last_day: date) -> list[Tally]:
        """The tallies of the days, both included."""

    def pms_writes(self, practice_id: str, write_ids: Sequence[str]) -> list[PmsWrite]:
        """The stored ones of these PMS writes."""

    def due_writes(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        """The practice's PMS writes that may be leased now, longest due first."""

    def unconfirmed_creates(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        """The practice's creates that the PMS has not confirmed, for appointments in the future."""

    def expired_writes(self, now: datetime, limit: int) -> list[PmsWrite]:
        """PMS writes of all practices that must be timed out, longest expired first."""

    def commit(self, change: ChangeSet) -> None:
        """Write all of the change set or nothing; raises StaleSnapshot."""

    def run_concurrently(self, calls: Sequence[Callable[[], _One]]) -> list[_One]:
        """The results of independent calls that run concurrently."""

    def run_both(self, one: Callable[[], _One], other: Callable[[], _Other]) -> tuple[_One, _Other]:
        """The results of two independent reads, in the time of one round trip."""


class DueRequestStore(Protocol):
    """Requests of all practices that a sweep must handle. Each list has the longest due first."""

    def due_to_expire(self, now: datetime, limit: int) -> list[RequestKey]:
        """Pending requests whose start has passed."""

    def due_for_answer(self, now: datetime, limit: int) -> list[RequestKey]:
        """Pending requests past the practice's target time that are not marked as overdue."""

    def due_for_pms_evidence(self, now: datetime, limit: int) -> list[RequestKey]:
        """Accepted requests whose appointment the PMS should have reported by now."""

    def due_for_recheck(self, now: datetime, limit: int) -> list[RequestKey]:
        """Watched requests that must be checked again."""

    def due_for_notice(self, now: datetime, limit: int) -> list[RequestKey]:
        """Accepted requests whose patients must be told of a move."""

    def flag_overdue(self, keys: Sequence[RequestKey], email: Email | None) -> tuple[RequestKey, ...]:
        """Mark all of them as overdue and add the e-mail to the outbox, or return those no longer to be marked."""


class EmailRepository(Protocol):
    """The outbox."""

    def get(self, outbox_id: str) -> Email | None:
        """The e-mail with this id."""

    def advance(self, before: Email, after: Email, change: ChangeSet | None = None) -> bool:
        """Write the next state, and `change` on its request; False if the e-mail is not in the state that was read.

        Raises StaleSnapshot if the request is not in the state that was read.
        """

    def due(self, now: datetime, limit: int) -> list[str]:
        """The ids of e-mails that a sweep must look at: those to patients first, and of each kind the longest due."""


class HeldEmailQueue(Protocol):
    """The queue of e-mails that wait for the end of the undo window."""

    def enqueue(self, outbox_id: str, correlation_id: str, delay: timedelta) -> None:
        """Deliver the e-mail's ids to `send_email` after this delay."""


class EmailTransport(Protocol):
    """The service that delivers e-mails."""

    def send(self, mime_email: MimeEmail, outbox_id: str) -> SendAccepted | SendRefused:
        """Send the message once. Later delivery events carry the outbox id."""


class RenderPatientEmail(Protocol):
    """Renders an e-mail to a patient."""

    def __call__(self, email: Email, request: Request, practice: Practice, now: datetime, /) -> MimeEmail:
        """The message; raises Undeliverable for one that can never be sent."""


class RenderStaffEmail(Protocol):
    """Renders an e-mail to the practice's staff."""

    def __call__(self, email: Email, practice: Practice | None, now: datetime, /) -> MimeEmail:
        """The message; raises Undeliverable where there is no recipient."""


class MisfitStore(Protocol):
    """Misfits, and the marks of handled findings."""

    def save_misfit(self, misfit: Misfit) -> bool:
        """Store the misfit; False if the stored one is from the same decision or a newer one."""

    def misfits(self, practice_id: str, first_day: date, last_day: date) -> list[Misfit]:
        """The misfits among the requests received on these days, both included; also those that were undone."""

    def marks(self, practice_id: str) -> list[FindingMark]:
        """The marks of handled findings."""

    def save_mark(self, mark: FindingMark, record: IdempotencyRecord, now: datetime) -> IdempotencyRecord:
        """Store the mark, replacing an older one, with the idempotency record of the call. Returns the stored record.

        If a record of the same key is stored already, nothing is written.
        """

    def idempotency_record(self, record_id: str) -> IdempotencyRecord | None:
        """The idempotency record with this id."""


class ReportRepository(Protocol):
    """Scheduled reports, and which mornings were enqueued."""

    def next_practices(self, practice_id: str, limit: int) -> list[tuple[str, str]]:
        """Ids and time zones of the practices that follow this id in the directory of all practices."""

    def enqueued_mornings(self) -> dict[str, date]:
        """By time zone, the last morning for which all reports were enqueued."""

    def mark_enqueued(self, zone: str, morning: date) -> None:
        """Record that all reports of this morning were enqueued."""

    def claim(self, report: ScheduledReport) -> bool:
        """Claim the report to build it; False if it is built, or the lease of another builder has not expired."""

    def finish(self, report: ScheduledReport, email: Email | None) -> bool:
        """Store the built report and its e-mail; False if another builder has claimed the report since."""

    def newest(self, practice_id: str, limit: int) -> list[ScheduledReport]:
        """The practice's reports, newest first."""


class ReportQueue(Protocol):
    """The queue of reports to build."""

    def enqueue(self, wanted: Sequence[tuple[str, ReportPeriod]]) -> None:
        """Enqueue these practices' reports about these periods."""


class RoundRobin(Protocol):
    """The directory of all practices, and the cursor of an audit that visits them in turn."""

    def next_practices(self, practice_id: str, limit: int) -> list[str]:
        """The ids that follow this one in the directory of all practices."""

    def cursor(self) -> str:
        """The practice that was visited last; empty before the first."""

    def move_cursor(self, practice_id: str) -> None:
        """Store the practice that is visited now."""


class TallyRepairStore(Protocol):
    """Requests to count again, and tallies to correct."""

    def requests_received(self, practice: Practice, first_day: date, last_day: date) -> list[Request]:
        """All requests received on these days."""

    def correct_tally(self, practice_id: str, difference: TallyDifference) -> bool:
        """Write the counted figures; False if the tally was changed after it was read."""


class DaySheetRepairStore(Protocol):
    """Day sheets to repair, and the slots that appointments occupy."""

    def occupied_slots(self, practice_id: str, first_day: date, last_day: date) -> dict[str, tuple[Slot, ...]]:
        """The occupied slots that begin on these days, by appointment id. The read is eventually consistent."""

    def stored_sheets(self, practice_id: str, first_day: date, last_day: date) -> list[DaySheet]:
        """The sheets of these days that are stored."""

    def repair_sheet(self, practice_id: str, difference: SheetDifference) -> bool:
        """Write the busy times derived from the appointments; False if the sheet was changed after it was read."""
