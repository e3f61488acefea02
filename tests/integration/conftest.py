"""The HTTP functions over moto and over MiniStack."""

import os
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from bookings.storage.schema import Table
from tests.support.api_harness import ApiHarness, open_api
from tests.support.dynamodb_engines import Engine, moto_engine
from tests.support.scenarios import two_practices


@pytest.fixture(scope="module")
def api(dynamodb_engine: Engine) -> Iterator[ApiHarness]:
    """The functions over moto, and then over MiniStack."""
    with open_api(dynamodb_engine) as built:
        yield built


class MotoApiHarness(ApiHarness):
    """The functions over moto, whose tables are read in this process without calls."""

    @property
    def tables(self) -> dict[str, Any]:
        """moto's table objects."""
        tables: dict[str, Any] = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][os.environ["AWS_DEFAULT_REGION"]].tables
        return tables

    def contents(self) -> dict[Table, list[Any]]:
        return {
            table: sorted((item.to_json() for item in self.tables[name].all_items()), key=repr)
            for table, name in self.engine.tables.items()
        }


@pytest.fixture(scope="module")
def _moto_api() -> Iterator[MotoApiHarness]:
    with moto_engine(lambda _: None) as engine, open_api(engine) as built:
        two_practices(built)
        yield MotoApiHarness(built.engine, built.application, built.handlers)


@pytest.fixture
def moto_api(_moto_api: MotoApiHarness) -> Iterator[ApiHarness]:
    """The functions over moto with two practices; each test starts from the same tables."""
    kept = {name: deepcopy(table.items) for name, table in _moto_api.tables.items()}
    yield _moto_api
    for name, items in kept.items():
        _moto_api.tables[name].items = items
