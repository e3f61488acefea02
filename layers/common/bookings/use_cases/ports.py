"""What the use cases need of storage. `storage` provides it over DynamoDB, the tests in memory."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from bookings.domain.change_set import Change, HistoryEntry
from bookings.domain.kernel.base import Entity
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.practice.agent import Agent
from bookings.domain.practice.event_outcome import Heard
from bookings.domain.practice.practice import Practice, SectionKind
from bookings.domain.reporting.request_query import Filters, Page
from bookings.domain.reporting.tally import Tally
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.conflicts import SheetKey
from bookings.domain.seen import Seen

_One = TypeVar("_One")
_Other = TypeVar("_Other")


class Practices(Protocol):
    """Practices and their agents."""

    def get(self, practice_id: str) -> Practice | None:
        """The practice of that id."""

    def agent(self, agent_id: str) -> Agent | None:
        """The agent of that id."""

    def configure(self, practice_id: str, changes: Mapping[str, object]) -> None:
        """Keep these settings of a practice that is there; the others stay as they are."""

    def record(self, practice_id: str, kind: SectionKind, section_id: str, version: int, section: Entity) -> Heard:
        """Keep what the PMS says of a piece of the practice, if it is news; aside, if it contradicts itself."""

    def record_sign_of_life(self, agent: Agent, now: datetime, *, heartbeat: bool, events: bool) -> None:
        """The agent has just been heard: its heartbeat, events, or both."""


class Bookings(Protocol):
    """Requests, appointments and day sheets."""

    def see(
        self,
        practice_id: str,
        *,
        request_id: str | None = None,
        appointment_id: str | None = None,
        receipt_id: str | None = None,
        write_id: str | None = None,
        sheets: Sequence[SheetKey] = (),
    ) -> Seen:
        """The named things as they stand."""

    def appointments(self, practice_id: str, appointment_ids: Sequence[str]) -> dict[str, Appointment]:
        """Those of the appointments that we know, by the id that was asked for, be it their own or the PMS's."""

    def candidates(self, practice: Practice, patient: Patient, now: datetime) -> list[Appointment]:
        """Appointments ahead, linked to no request, that share a key with the patient."""

    def requests(self, practice: Practice, filters: Filters, position: str | None) -> Page:
        """A page of the practice's requests."""

    def watched(self, practice_id: str) -> list[Request]:
        """The practice's requests that wait for their appointment, oldest first."""

    def history(self, request_id: str) -> list[HistoryEntry]:
        """Everything that happened to the request."""

    def tallies(self, practice_id: str, first_day: date, last_day: date) -> list[Tally]:
        """The tallies of the days, both included."""

    def pms_writes(self, practice_id: str, write_ids: Sequence[str]) -> list[PmsWrite]:
        """Those of the PMS writes that there are."""

    def due_writes(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        """The practice's PMS writes that can be handed out, longest due first."""

    def unwritten(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        """The practice's creates that the PMS has not confirmed."""

    def overdue_writes(self, now: datetime, limit: int) -> list[PmsWrite]:
        """PMS writes of all practices that are to be given up, longest overdue first."""

    def commit(self, change: Change) -> None:
        """Write all of the change or nothing; raises Overtaken."""

    def side_by_side(self, calls: Sequence[Callable[[], _One]]) -> list[_One]:
        """The results of independent calls, made side by side."""

    def beside(self, one: Callable[[], _One], other: Callable[[], _Other]) -> tuple[_One, _Other]:
        """Two independent reads side by side."""
