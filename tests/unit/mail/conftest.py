"""A post office in which everything can be looked at and anything can go wrong."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest

from bookings.domain.outbox.email import Email, EmailOutcome, EmailStatus
from bookings.domain.outbox.email_delivery import DeliveryEvent
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.emails.patient_email import PatientEmailRenderer
from bookings.emails.staff_email import StaffEmailRenderer
from bookings.use_cases.ports import BookingStore, PracticeRepository
from bookings.use_cases.record_email_event import record_email_event
from bookings.use_cases.send_email import EmailSender, send_email
from bookings.use_cases.sweep_outbox import OutboxSweep, sweep_outbox
from tests.engines import ENGINES

from .builders import NOW, SENDER, a_letter, a_practice, an_accepted_request
from .dynamodb import OutboxOnDynamoDB
from .fakes import CarrierInMemory, OutboxInMemory, PracticesInMemory

Outbox = OutboxInMemory | OutboxOnDynamoDB


class World:
    """The outbox, a carrier, and a clock that a test sets."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.transport = CarrierInMemory()
        self.practices = PracticesInMemory(a_practice())
        self.now = NOW
        self.sender = EmailSender(
            outbox,
            cast("BookingStore", outbox),
            cast("PracticeRepository", self.practices),
            PatientEmailRenderer(SENDER),
            StaffEmailRenderer(SENDER, lambda report: f"https://files.example/{report.folder}"),
            self.transport,
        )

    def has(self, *things: Email | Request | Practice) -> None:
        for thing in things:
            if isinstance(thing, Email):
                self.outbox.put_letter(thing)
            elif isinstance(thing, Request):
                self.outbox.put_request(thing)
            else:
                self.practices.practice = thing

    def has_a_confirmation_to_send(self) -> None:
        self.has(an_accepted_request(), a_letter())

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def send(self, outbox_id: str = "mail_1") -> EmailOutcome:
        return send_email(self.sender, outbox_id, self.now)

    def sweep(self, *, seconds_left: int = 1000) -> OutboxSweep:
        ticks = iter(range(seconds_left, 0, -1))
        return sweep_outbox(self.sender, self.now, lambda: next(ticks, 0) > 0)

    def hear(self, news: DeliveryEvent, outbox_id: str = "mail_1") -> EmailOutcome:
        return record_email_event(self.outbox, outbox_id, news, "ses-1")

    def email(self, outbox_id: str = "mail_1") -> Email:
        email = self.outbox.get(outbox_id)
        assert email
        return email

    def status(self, outbox_id: str = "mail_1") -> EmailStatus:
        return self.email(outbox_id).status

    def mail_on_the_request(self) -> str | None:
        request = self.outbox.load("prac_harbour", request_id="req_1").request
        assert request
        shown: str | None = request.mail
        return shown

    def subjects(self) -> list[str]:
        return [str(message["subject"]) for message in self.transport.sent]

    def due(self, at: datetime | None = None) -> list[str]:
        return self.outbox.due(at or self.now, 100)


@pytest.fixture(scope="module", params=["memory", "ministack"])
def storage(request: pytest.FixtureRequest) -> Iterator[OutboxOnDynamoDB | None]:
    """The tables, once for all tests of a module; None for memory."""
    if request.param == "memory":
        yield None
        return
    with ENGINES[request.param](request.getfixturevalue) as engine:
        yield OutboxOnDynamoDB(engine)


@pytest.fixture
def world(storage: OutboxOnDynamoDB | None) -> Iterator[World]:
    """The same tests over storage in memory and over DynamoDB as the emulator plays it."""
    yield World(storage or OutboxInMemory())
    if storage:
        storage.empty()
