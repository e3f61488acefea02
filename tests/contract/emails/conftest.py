"""The e-mail sender over MiniStack."""

from collections.abc import Iterator

import pytest

from bookings.storage.schema import OUTBOX, REQUESTS
from tests.support.dynamodb_engines import Engine, ministack_engine
from tests.support.dynamodb_tables import empty_table
from tests.support.email_harness import EmailHarness


@pytest.fixture(scope="module")
def engine(ministack_endpoint: str) -> Iterator[Engine]:
    """Tables for all tests of a module."""
    with ministack_engine(lambda _: ministack_endpoint) as opened:
        yield opened


@pytest.fixture
def harness(engine: Engine) -> Iterator[EmailHarness]:
    """The harness over empty tables."""
    yield EmailHarness.over(engine.connect())
    for schema in (OUTBOX, REQUESTS):
        empty_table(engine.client, engine.tables[schema.table], *schema.names)
