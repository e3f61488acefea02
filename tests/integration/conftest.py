"""The house over each engine, and over the quick one."""

from collections.abc import Iterator

import pytest

from tests.engines import Engine, moto_engine
from tests.integration.house import House, opened


@pytest.fixture(scope="module")
def house(dynamodb_engine: Engine) -> Iterator[House]:
    """The house over moto, and then over MiniStack."""
    with opened(dynamodb_engine) as built:
        yield built


@pytest.fixture(scope="module")
def _house_over_moto() -> Iterator[House]:
    with moto_engine(lambda _: None) as engine, opened(engine) as built:
        yield built


@pytest.fixture
def empty_house(_house_over_moto: House) -> House:
    """The house over moto, with nothing in it."""
    _house_over_moto.empty()
    return _house_over_moto
