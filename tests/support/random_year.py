"""Random histories of a practice: a year of requests with decisions and faults.

Decisions go through the use cases, as the front desk's do; so what is counted is what really happened.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bookings.domain.change_set import ChangeSet, CommandContext, Edit, revise
from bookings.domain.decisions.close import expire, withdraw
from bookings.domain.decisions.commands import Reopening
from bookings.domain.decisions.missing_evidence import flag_missing_evidence
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.quality_flags import PMS_EVIDENCE_DEADLINE
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import RejectionReason, Request, Status
from bookings.use_cases.accept_request import accept_request
from bookings.use_cases.link_request import link_request
from bookings.use_cases.ports import BookingStore, PracticeRepository
from bookings.use_cases.reject_request import reject_request
from bookings.use_cases.reopen_request import reopen_request
from tests.support.builders import (
    a_command_context,
    a_linking,
    a_patient,
    a_rejection,
    a_request,
    a_stamp,
    a_stranger,
    an_acceptance,
    an_appointment,
    an_idempotency_key,
)
from tests.support.faults import Killed
from tests.support.seeding import submit_requests

KEPT = (AppointmentStatus.BOOKED, AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW)

YEAR_START = datetime(2025, 7, 1, 7, tzinfo=UTC)
"""The start of random years: midnight in Vancouver."""


@dataclass
class RandomYear:
    """Random decisions on the requests of a practice. Equal seeds give equal histories."""

    practices: PracticeRepository
    bookings: BookingStore
    practice: Practice
    seed: int = 20260715

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def play(self, requests: int) -> list[Request]:
        """So many requests over a year, each with random decisions."""
        return [self._live(request) for request in self._requests(requests)]

    def _requests(self, count: int) -> Iterator[Request]:
        chance = self._chance
        for _ in range(count):
            received = YEAR_START + timedelta(minutes=chance.randrange(365 * 24 * 60), seconds=chance.randrange(60))
            day = received.astimezone(self.practice.zone).date() + timedelta(days=chance.randrange(2, 40))
            hour, minute = chance.choice(range(8, 17)), chance.choice((0, 30))
            start = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.practice.zone)
            wanted = a_request().requested.model_copy(
                update={
                    "start": start,
                    "practitioner_id": chance.choice([None, *(one.id for one in self.practice.practitioners)]),
                    "chair_id": chance.choice([None, None, *(one.id for one in self.practice.chairs)]),
                    "service_id": chance.choice([None, *(one.id for one in self.practice.services)]),
                }
            )
            yield a_request(
                practice_id=self.practice.id,
                received_at=received,
                requested=wanted,
                patient=a_stranger(f"P{chance.randrange(10**9)}"),
                source=chance.choice(["website", "website", "google", "recall_text"]),
                new_patient=chance.choice([None, True, False]),
            )

    def _live(self, request: Request) -> Request:
        submit_requests(self.bookings, request)
        for _ in range(self._chance.choice((1, 1, 1, 3))):
            request = self._decide(request)
            if request.status in (Status.PENDING, Status.CANCELLED, Status.EXPIRED):
                return request
            if self._chance.random() < 0.15:
                context = self._context(request)
                request = self._decide_with_faults(
                    lambda: reopen_request(self.practices, self.bookings, context, Reopening())  # noqa: B023
                )
        return request

    def _decide(self, request: Request) -> Request:
        if request.status is not Status.PENDING:
            return request
        fate = self._chance.choices(["accept", "link", "reject", "withdraw", "expire", "wait"], [5, 2, 2, 1, 1, 1])[0]
        context = self._context(request)
        match fate:
            case "accept":
                start = request.requested.start + timedelta(minutes=self._chance.choice((0, 0, -30, 60)))
                edits = {"start": start.isoformat(), "override": {"reason": "it is a made-up year"}}
                said = an_acceptance(**edits, different_appointment=True)
                return self._with_later_status(
                    self._decide_with_faults(lambda: accept_request(self.practices, self.bookings, context, said))
                )
            case "link":
                made_at = self._chance.choice([None, *(request.received_at + timedelta(days=n) for n in (-9, 0))])
                appointment = an_appointment(
                    practice_id=self.practice.id, patient=a_patient(), slot=request.requested, made_at=made_at
                )
                self._write(ChangeSet(context.stamp, "pms_changed", appointment=Edit(None, appointment)))
                this_one = a_linking(appointment)
                return self._with_later_status(
                    self._decide_with_faults(lambda: link_request(self.practices, self.bookings, context, this_one))
                )
            case "reject":
                why = a_rejection(self._chance.choice(list(RejectionReason)))
                return self._decide_with_faults(lambda: reject_request(self.practices, self.bookings, context, why))
            case "withdraw":
                return self._write(withdraw(request, context.stamp))
            case "expire":
                return self._write(expire(request, a_stamp("clock", request.requested.begins)))
            case _:
                return request

    def _with_later_status(self, request: Request) -> Request:
        """A random later status of the appointment; for some the PMS never sends any."""
        decided = request.decision.at if request.decision else request.received_at
        status = self._chance.choice([*KEPT, "cancelled", "never"])
        if status == "never" and request.pms_write == "queued":
            lost = revise(request, pms_write="timed_out", pms_evidence="awaited")
            request = self._write(ChangeSet(a_stamp("sweep"), "write_timed_out", request=lost))
            late = a_stamp("clock", decided + PMS_EVIDENCE_DEADLINE)
            return self._write(flag_missing_evidence(request, late)) if self._chance.random() < 0.7 else request
        if status in (request.appointment_status, "never"):
            return request
        changes: dict[str, object] = {"appointment_status": AppointmentStatus(status)}
        if status == AppointmentStatus.CANCELLED:
            changes["appointment_cancelled_at"] = decided + timedelta(hours=self._chance.choice((1, 23, 24, 400)))
        return self._write(ChangeSet(a_stamp("agent"), "pms_changed", request=revise(request, **changes)))

    def _decide_with_faults(self, decides: Callable[[], Request]) -> Request:
        """Decide, sometimes after a first try that was killed before or after its commit."""
        fault = self._chance.choice([None] * 8 + ["is_killed_before_commit", "is_killed_after_commit"])
        if fault and hasattr(self.bookings, fault):
            setattr(self.bookings, fault, True)
            with suppress(Killed):
                decides()
            setattr(self.bookings, fault, False)
        answer = decides()
        standing = self.bookings.load(answer.practice_id, request_id=answer.id).request
        return standing or answer

    def _write(self, change: ChangeSet) -> Request:
        self.bookings.commit(change)
        return change.request_after if change.request else a_request()

    def _context(self, request: Request) -> CommandContext:
        waited = timedelta(minutes=int(self._chance.expovariate(1 / 600)))
        idempotency_key = an_idempotency_key()
        return a_command_context(
            request,
            idempotency_key=idempotency_key,
            at=min(request.received_at + waited, request.requested.begins - timedelta(hours=2)),
        )
