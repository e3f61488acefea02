"""The stores in memory, over moto and over MiniStack; the contract tests run over all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bookings.domain.practice.agent import Agent
from bookings.domain.practice.practice import Practice
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.due_requests import DynamoDueRequestStore
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.storage.misfit_store import DynamoMisfitStore
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.use_cases.ports import BookingStore, DueRequestStore, EmailRepository
from tests.support.builders import a_practice
from tests.support.dynamodb_engines import ENGINES, Engine
from tests.support.in_memory.booking_store import InMemoryBookingStore
from tests.support.in_memory.due_request_store import InMemoryDueRequestStore
from tests.support.in_memory.email_repository import InMemoryEmailRepository
from tests.support.in_memory.misfit_store import InMemoryMisfitStore
from tests.support.in_memory.practice_repository import InMemoryPracticeRepository
from tests.support.seeding import WritablePracticeRepository, add_practice


@dataclass(frozen=True)
class Stores:
    """The stores of the use cases."""

    practices: WritablePracticeRepository
    bookings: BookingStore
    emails: EmailRepository
    due_requests: DueRequestStore
    findings: DynamoMisfitStore | InMemoryMisfitStore

    @classmethod
    def in_memory(cls) -> "Stores":
        bookings = InMemoryBookingStore()
        return cls(
            InMemoryPracticeRepository(),
            bookings,
            InMemoryEmailRepository(bookings),
            InMemoryDueRequestStore(bookings),
            InMemoryMisfitStore(),
        )

    @classmethod
    def over(cls, engine: Engine) -> "Stores":
        database = engine.connect()
        return cls(
            DynamoPracticeRepository(database, cache_seconds=0),
            DynamoBookingStore(database),
            DynamoEmailRepository(database),
            DynamoDueRequestStore(database),
            DynamoMisfitStore(database),
        )

    def practice(self, *agents: Agent, **fields: Any) -> Practice:
        """Add a practice for one test; returns it as the store reads it."""
        practice = a_practice(**fields)
        add_practice(self.practices, practice, *agents)
        found = self.practices.get(practice.id)
        assert found
        return found


@pytest.fixture(scope="module", params=["memory", "moto", "ministack"])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    """The stores in memory, over moto and over MiniStack. Each test adds a practice of its own."""
    if request.param == "memory":
        yield Stores.in_memory()
    else:
        fixture: Callable[[str], Any] = request.getfixturevalue
        with ENGINES[request.param](fixture) as engine:
            yield Stores.over(engine)


@pytest.fixture(scope="module")
def ministack_stores(ministack_endpoint: str) -> Iterator[Stores]:
    """The stores over MiniStack alone: the only engine here that proves anything about races."""
    with ENGINES["ministack"](lambda _: ministack_endpoint) as engine:
        yield Stores.over(engine)
