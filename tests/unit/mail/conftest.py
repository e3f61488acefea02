"""A post office in which everything can be looked at and anything can go wrong."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bookings.domain.outbox.email import Letter, LetterStatus, Outcome
from bookings.domain.outbox.email_delivery import News
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.emails.patient_email import LetterWriter
from bookings.emails.staff_email import NoticeWriter
from bookings.use_cases import send_email as mail
from bookings.use_cases.send_email import PostOffice, Swept
from tests.engines import ENGINES

from .builders import NOW, SENDER, a_letter, a_practice, an_accepted_request
from .dynamodb import OutboxOnDynamoDB
from .fakes import CarrierInMemory, OutboxInMemory, PracticesInMemory

Outbox = OutboxInMemory | OutboxOnDynamoDB


class World:
    """The outbox, a carrier, and a clock that a test sets."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.carrier = CarrierInMemory()
        self.practices = PracticesInMemory(a_practice())
        self.now = NOW
        self.office = PostOffice(
            outbox,
            outbox,
            self.practices,
            LetterWriter(SENDER),
            NoticeWriter(SENDER, lambda report: f"https://files.example/{report.folder}"),
            self.carrier,
        )

    def has(self, *things: Letter | Request | Practice) -> None:
        for thing in things:
            if isinstance(thing, Letter):
                self.outbox.put_letter(thing)
            elif isinstance(thing, Request):
                self.outbox.put_request(thing)
            else:
                self.practices.practice = thing

    def has_a_confirmation_to_send(self) -> None:
        self.has(an_accepted_request(), a_letter())

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def send(self, outbox_id: str = "mail_1") -> Outcome:
        return mail.send(self.office, outbox_id, self.now)

    def sweep(self, *, seconds_left: int = 1000) -> Swept:
        ticks = iter(range(seconds_left, 0, -1))
        return mail.sweep(self.office, self.now, lambda: next(ticks, 0) > 0)

    def hear(self, news: News, outbox_id: str = "mail_1") -> Outcome:
        return mail.settle(self.outbox, outbox_id, news, "ses-1")

    def letter(self, outbox_id: str = "mail_1") -> Letter:
        letter = self.outbox.get(outbox_id)
        assert letter
        return letter

    def status(self, outbox_id: str = "mail_1") -> LetterStatus:
        return self.letter(outbox_id).status

    def mail_on_the_request(self) -> str | None:
        request = self.outbox.see("prac_harbour", request_id="req_1").request
        assert request
        shown: str | None = request.mail
        return shown

    def subjects(self) -> list[str]:
        return [str(message["subject"]) for message in self.carrier.sent]

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
