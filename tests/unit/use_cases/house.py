"""A practice with its stores in memory, in which the stories of the use cases are told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bookings.domain.change_set import ChangeSet, Edit, Snapshot, revise
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
from tests.builders import (
    NOW,
    a_command_context,
    a_practice,
    a_rejection,
    a_request,
    a_stamp,
    an_acceptance,
    an_agent,
    an_appointment,
    an_idempotency_key,
)
from tests.builders import a_linking as linking_to
from tests.fakes import FakeBookings, FakePractices
from tests.stores import move_in, submitted


class Killed(Exception):
    """The function was killed where it stood."""


class HurriedBookings(FakeBookings):
    """Somebody else is faster.

    `meanwhile` happens just before the next write, or before `each` write; `between_looks` after the next look. A look
    is no snapshot: some `overlooks_receipts` that were written while it took place.
    """

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] | None = None
        self.each: Callable[[], object] | None = None
        self.between_looks: Callable[[], object] | None = None
        self.overlooks_receipts = 0
        self.dies_before_writing = False
        self.dies_after_writing = False
        self.loses_answers = False

    def load(self, practice_id: str, **names: Any) -> Snapshot:
        snapshot = super().load(practice_id, **names)
        if self.overlooks_receipts and snapshot.idempotency_record:
            self.overlooks_receipts -= 1
            snapshot = replace(snapshot, idempotency_record=None)
        happens, self.between_looks = self.between_looks, None
        if happens:
            happens()
        return snapshot

    def commit(self, change: ChangeSet) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        for happens in (meanwhile, self.each):
            if happens:
                happens()
        if self.dies_before_writing:
            raise Killed
        super().commit(change)
        if self.dies_after_writing:
            raise Killed
        if self.loses_answers:
            raise Unavailable

    def write(self, change: ChangeSet) -> None:
        """What the others write, whom nobody overtakes."""
        super().commit(change)


class House:
    """One practice, and the front desk in it."""

    def __init__(self, practice: Practice | None = None) -> None:
        self.practice = practice or a_practice()
        self.agent = an_agent(self.practice)
        self.practices = FakePractices()
        self.bookings = HurriedBookings()
        move_in(self.practices, self.practice, self.agent)

    def request(self, **told: Any) -> Request:
        """A request that a patient has submitted."""
        request = a_request(**{"practice_id": self.practice.id, **told})
        submitted(self.bookings, request)
        return request

    def appointment(self, **told: Any) -> Appointment:
        """An appointment that the PMS has told of."""
        appointment = an_appointment(**{"practice_id": self.practice.id, **told})
        self.bookings.write(
            ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=Edit(None, appointment))
        )
        return appointment

    def pms_tells(self, appointment: Appointment, **changes: Any) -> None:
        """The PMS changes an appointment that no request is asked about."""
        change = ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=revise(appointment, **changes))
        self.bookings.write(change)

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
        return link_request(self.practices, self.bookings, context, linking_to(appointment, notify=notify))

    def reject(
        self,
        request: Request,
        reason: RejectionReason = RejectionReason.NO_OPENING,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Request:
        return reject_request(
            self.practices,
            self.bookings,
            a_command_context(request, idempotency_key=idempotency_key),
            a_rejection(reason),
        )

    def reopen(self, request: Request, idempotency_key: IdempotencyKey | None = None) -> Request:
        return reopen_request(
            self.practices, self.bookings, a_command_context(request, idempotency_key=idempotency_key)
        )

    def pull(
        self, at: datetime = NOW, limit: int = 10, idempotency_key: IdempotencyKey | None = None
    ) -> list[LeasedWrite]:
        """What the agent gets to write."""
        return pull_pms_writes(
            self.bookings, self.agent, limit, idempotency_key or an_idempotency_key(), a_stamp("agent", at)
        )

    def tell(self, *events: dict[str, Any], at: datetime = NOW) -> BatchResult:
        """The agent tells of these events."""
        return receive_events(
            self.practices, self.bookings, self.agent, events, an_idempotency_key(), a_stamp("agent", at)
        )

    def stands(self, request: Request) -> Request:
        """The request as it stands."""
        found = self.bookings.load(self.practice.id, request_id=request.id).request
        assert found
        return found

    def known(self, appointment_id: str | None) -> Appointment:
        """The appointment as it stands."""
        found = self.bookings.load(self.practice.id, appointment_id=appointment_id).appointment
        assert found
        return found

    def actions(self, request: Request) -> list[str]:
        """What happened to the request."""
        return [entry.action for entry in self.bookings.history(request.id)]

    def tally(self) -> dict[str, int]:
        """Everything that is counted, in one."""
        day = NOW.astimezone(self.practice.zone).date()
        counts: dict[str, int] = {}
        for tally in self.bookings.tallies(self.practice.id, day, day):
            for column, count in tally.counts.items():
                counts[column] = counts.get(column, 0) + count
        return {column: count for column, count in counts.items() if count}

    @property
    def writes(self) -> list[PmsWrite]:
        """What the PMS is asked to write, first things first."""
        return list(self.bookings.writes.values())

    @property
    def emails(self) -> list[Email]:
        """The outbox."""
        return list(self.bookings.emails.values())
