"""The stores under the contract: in memory, over moto, over MiniStack."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bookings.domain.practice.agent import Agent
from bookings.domain.practice.practice import Practice
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.due_requests import DynamoDueRequestStore
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.storage.finding_store import DynamoFindingStore
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.use_cases.ports import BookingStore, DueRequestStore, EmailRepository
from tests import stores
from tests.builders import a_practice
from tests.engines import ENGINES, Engine
from tests.fake_findings import FakeFindings
from tests.fake_queues import FakeLetters, FakeWaiting
from tests.fakes import FakeBookings, FakePractices


@dataclass(frozen=True)
class Stores:
    """All that use cases read and write, whatever it is made of."""

    practices: stores.Practices
    bookings: BookingStore
    emails: EmailRepository
    waiting: DueRequestStore
    findings: DynamoFindingStore | FakeFindings

    @classmethod
    def in_memory(cls) -> "Stores":
        """The fakes."""
        bookings = FakeBookings()
        return cls(FakePractices(), bookings, FakeLetters(bookings), FakeWaiting(bookings), FakeFindings())

    @classmethod
    def over(cls, engine: Engine) -> "Stores":
        """The real stores."""
        database = engine.connect()
        return cls(
            DynamoPracticeRepository(database, cache_seconds=0),
            DynamoBookingStore(database),
            DynamoEmailRepository(database),
            DynamoDueRequestStore(database),
            DynamoFindingStore(database),
        )

    def practice(self, *agents: Agent, **told: Any) -> Practice:
        """A practice of a test's own, as the stores give it back."""
        practice = a_practice(**told)
        stores.move_in(self.practices, practice, *agents)
        found = self.practices.get(practice.id)
        assert found
        return found


@pytest.fixture(scope="module", params=["memory", "moto", "ministack"])
def opened(request: pytest.FixtureRequest) -> Iterator[Stores]:
    """The stores in memory, over moto, over MiniStack; every test has its own practice in them."""
    if request.param == "memory":
        yield Stores.in_memory()
    else:
        fixture: Callable[[str], Any] = request.getfixturevalue
        with ENGINES[request.param](fixture) as engine:
            yield Stores.over(engine)


@pytest.fixture(scope="module")
def on_ministack(ministack_endpoint: str) -> Iterator[Stores]:
    """The stores over MiniStack alone: the only engine here that proves anything about races."""
    with ENGINES["ministack"](lambda _: ministack_endpoint) as engine:
        yield Stores.over(engine)
