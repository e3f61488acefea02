"""A practice with its stores in memory, for tests of use cases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bookings.domain.change_set import ChangeSet, Edit, Snapshot, revise
from bookings.domain.decisions.commands import Reopening
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import RejectionReason, Request
from bookings.use_cases.accept_request import accept_request
from bookings.use_cases.link_request import link_request
from bookings.use_cases.pull_pms_writes import LeasedWrite, pull_pms_writes
from bookings.use_cases.receive_pms_events import BatchResult, receive_events
from bookings.use_cases.reject_request import reject_request
from bookings.use_cases.reopen_request import reopen_request
from tests.support.builders import (
    NOW,
    a_command_context,
    a_linking,
    a_practice,
    a_rejection,
    a_request,
    a_stamp,
    an_acceptance,
    an_agent,
    an_appointment,
    an_idempotency_key,
)
from tests.support.faults import Killed
from tests.support.in_memory.booking_store import InMemoryBookingStore
from tests.support.in_memory.practice_repository import InMemoryPracticeRepository
from tests.support.seeding import add_practice, submit_requests


class InterruptedBookingStore(InMemoryBookingStore):
    """An InMemoryBookingStore that lets something happen in between, or fails.

    `before_next_commit` runs once, `before_every_commit` each time, `after_next_load` once after a read. A read is no
    snapshot: the next `missed_idempotency_records` reads do not return one that was written meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self.before_next_commit: Callable[[], object] | None = None
        self.before_every_commit: Callable[[], object] | None = None
        self.after_next_load: Callable[[], object] | None = None
        self.missed_idempotency_records = 0
        self.is_killed_before_commit = False
        self.is_killed_after_commit = False
        self.loses_responses = False

    def load(self, practice_id: str, **names: Any) -> Snapshot:
        snapshot = super().load(practice_id, **names)
        if self.missed_idempotency_records and snapshot.idempotency_record:
            self.missed_idempotency_records -= 1
            snapshot = replace(snapshot, idempotency_record=None)
        interrupt, self.after_next_load = self.after_next_load, None
        if interrupt:
            interrupt()
        return snapshot

    def commit(self, change: ChangeSet) -> None:
        once, self.before_next_commit = self.before_next_commit, None
        for interrupt in (once, self.before_every_commit):
            if interrupt:
                interrupt()
        if self.is_killed_before_commit:
            raise Killed
        super().commit(change)
        if self.is_killed_after_commit:
            raise Killed
        if self.loses_responses:
            raise Unavailable

    def commit_uninterrupted(self, change: ChangeSet) -> None:
        """Commit on behalf of somebody else."""
        super().commit(change)


class PracticeHarness:
    """One practice: its front desk, its patients and its PMS agent, over stores in memory."""

    def __init__(self, practice: Practice | None = None) -> None:
        self.practice = practice or a_practice()
        self.agent = an_agent(self.practice)
        self.practices = InMemoryPracticeRepository()
        self.bookings = InterruptedBookingStore()
        add_practice(self.practices, self.practice, self.agent)

    def request(self, **fields: Any) -> Request:
        """Submit a request."""
        request = a_request(**{"practice_id": self.practice.id, **fields})
        submit_requests(self.bookings, request)
        return request

    def appointment(self, **fields: Any) -> Appointment:
        """Store an appointment that the PMS has reported."""
        appointment = an_appointment(**{"practice_id": self.practice.id, **fields})
        self.bookings.commit_uninterrupted(
            ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=Edit(None, appointment))
        )
        return appointment

    def change_in_pms(self, appointment: Appointment, **changes: Any) -> None:
        """Change an appointment as the PMS would, without looking at requests."""
        change = ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=revise(appointment, **changes))
        self.bookings.commit_uninterrupted(change)

    def accept(
        self, request: Request, idempotency_key: IdempotencyKey | None = None, at: datetime = NOW, **edits: Any
    ) -> Request:
        context = a_command_context(request, idempotency_key=idempotency_key, at=at)
        return accept_request(self.practices, self.bookings, context, an_acceptance(**edits))

    def link(
        self,
        request: Request,
        appointment: Appointment,
        idempotency_key: IdempotencyKey | None = None,
        *,
        notify: bool = False,
    ) -> Request:
        context = a_command_context(request, idempotency_key=idempotency_key)
        return link_request(self.practices, self.bookings, context, a_linking(appointment, notify=notify))

    def reject(
        self,
        request: Request,
        reason: RejectionReason = RejectionReason.NO_OPENING,
        idempotency_key: IdempotencyKey | None = None,
        *,
        notify: bool = False,
    ) -> Request:
        return reject_request(
            self.practices,
            self.bookings,
            a_command_context(request, idempotency_key=idempotency_key),
            a_rejection(reason, notify=notify),
        )

    def reopen(
        self,
        request: Request,
        idempotency_key: IdempotencyKey | None = None,
        *,
        notify: bool = True,
        at: datetime = NOW,
    ) -> Request:
        context = a_command_context(request, idempotency_key=idempotency_key, at=at)
        return reopen_request(self.practices, self.bookings, context, Reopening(notify=notify))

    def pull(
        self, at: datetime = NOW, limit: int = 10, idempotency_key: IdempotencyKey | None = None
    ) -> list[LeasedWrite]:
        """Let the agent pull PMS writes."""
        return pull_pms_writes(
            self.bookings, self.agent, limit, idempotency_key or an_idempotency_key(), a_stamp("agent", at)
        )

    def receive(self, *events: dict[str, Any], at: datetime = NOW) -> BatchResult:
        """Let the agent send these events."""
        return receive_events(
            self.practices, self.bookings, self.agent, events, an_idempotency_key(), a_stamp("agent", at)
        )

    def stored(self, request: Request) -> Request:
        """The request as it is stored."""
        found = self.bookings.load(self.practice.id, request_id=request.id).request
        assert found
        return found

    def stored_appointment(self, appointment_id: str | None) -> Appointment:
        """The appointment as it is stored."""
        found = self.bookings.load(self.practice.id, appointment_id=appointment_id).appointment
        assert found
        return found

    def actions(self, request: Request) -> list[str]:
        """The actions in the request's history."""
        return [entry.action for entry in self.bookings.history(request.id)]

    def tally(self) -> dict[str, int]:
        """The sum of the practice's tallies of today, without zeros."""
        day = NOW.astimezone(self.practice.zone).date()
        counts: dict[str, int] = {}
        for tally in self.bookings.tallies(self.practice.id, day, day):
            for column, count in tally.counts.items():
                counts[column] = counts.get(column, 0) + count
        return {column: count for column, count in counts.items() if count}

    @property
    def writes(self) -> list[PmsWrite]:
        """All PMS writes, oldest first."""
        return list(self.bookings.writes.values())

    @property
    def emails(self) -> list[Email]:
        """The outbox."""
        return list(self.bookings.emails.values())
