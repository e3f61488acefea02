"""The house over each engine, and over the quick one."""

import os
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from bookings.storage.schema import Table
from tests.engines import Engine, moto_engine
from tests.integration.house import House, opened
from tests.integration.scenes import two_practices


@pytest.fixture(scope="module")
def house(dynamodb_engine: Engine) -> Iterator[House]:
    """The house over moto, and then over MiniStack."""
    with opened(dynamodb_engine) as built:
        yield built


class QuickHouse(House):
    """The house over moto, which keeps its tables in this process: reading them here takes no calls."""

    @property
    def tables(self) -> dict[str, Any]:
        """moto's own."""
        tables: dict[str, Any] = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][os.environ["AWS_DEFAULT_REGION"]].tables
        return tables

    def contents(self) -> dict[Table, list[Any]]:
        return {
            table: sorted((item.to_json() for item in self.tables[name].all_items()), key=repr)
            for table, name in self.engine.tables.items()
        }


@pytest.fixture(scope="module")
def _quick_house() -> Iterator[QuickHouse]:
    with moto_engine(lambda _: None) as engine, opened(engine) as built:
        two_practices(built)
        yield QuickHouse(built.engine, built.application, built.handlers)


@pytest.fixture
def quick_house(_quick_house: QuickHouse) -> Iterator[House]:
    """The house over moto with two practices in it; what a test does there, the next one does not see."""
    kept = {name: deepcopy(table.items) for name, table in _quick_house.tables.items()}
    yield _quick_house
    for name, items in kept.items():
        _quick_house.tables[name].items = items
