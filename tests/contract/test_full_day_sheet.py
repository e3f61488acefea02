"""A day sheet that cannot hold more is a refusal with words, never an error that repeats for ever."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from pynamodb.expressions.operand import Path

from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.kernel.errors import Invalid
from bookings.domain.scheduling.day_sheet import SheetKey
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.dynamodb import LimitExceeded, PutItem, UpdateItem
from bookings.storage.items import BUSY_PREFIX, sheet_item_key
from bookings.storage.schema import DAY_SHEETS
from tests.support.builders import a_slot, a_stamp, an_appointment, sheet_key
from tests.support.dynamodb_engines import ENGINES, Engine

CHAIR = sheet_key("2026-07-16", "chair", "chr_b")
TOO_LARGE = {"S": "x" * 410_000}


@pytest.fixture(scope="module", params=["moto", "ministack"])
def engine(request: pytest.FixtureRequest) -> Any:
    fixture: Callable[[str], Any] = request.getfixturevalue
    with ENGINES[request.param](fixture) as made:
        yield made


def fill(engine: Engine, key: SheetKey) -> None:
    """Leave no room on the sheet. The engines count the bytes of an item differently."""
    database = engine.connect()
    for size in (390_000, 10_000, 1_000, 100, 10):
        with suppress(LimitExceeded):
            for number in count():
                attribute = Path([f"{BUSY_PREFIX}{size}-{number}"]).set({"S": "x" * size})
                database.write([UpdateItem(sheet_item_key("prac_1", key), [attribute, Path("version").add(1)])])


def test_an_appointment_on_a_full_sheet_is_refused_by_the_name_of_the_resource(engine: Engine) -> None:
    fill(engine, CHAIR)
    slot = a_slot("2026-07-16T09:00", chair_id="chr_b")
    change = ChangeSet(stamp=a_stamp("agent"), action="x", appointment=Edit(None, an_appointment(slot=slot)))
    with pytest.raises(Invalid) as refused:
        DynamoBookingStore(engine.connect()).commit(change)
    (error,) = refused.value.facts["errors"]
    assert error["field"] == "chair_id"
    assert "more appointments on 2026-07-16" in error["message"]


def test_an_item_that_is_too_large_is_refused(engine: Engine) -> None:
    item = {"practice_id": {"S": "prac_1"}, "sheet_id": {"S": "large"}, "content": TOO_LARGE}
    with pytest.raises(LimitExceeded):
        engine.connect().write([PutItem(DAY_SHEETS, item)])


def test_a_transaction_of_more_than_4_mb_is_refused(ministack_endpoint: str) -> None:
    """moto does not know this limit."""
    items = [{"practice_id": {"S": "prac_1"}, "sheet_id": {"S": str(n)}, "x": {"S": "x" * 390_000}} for n in range(11)]
    with ENGINES["ministack"](lambda _: ministack_endpoint) as engine, pytest.raises(LimitExceeded):
        engine.connect().write([PutItem(DAY_SHEETS, item) for item in items])


@pytest.mark.parametrize(("partition", "sort"), [("p", "s" * 1025), ("p" * 2049, "s")])
def test_a_key_that_is_too_long_is_refused(partition: str, sort: str) -> None:
    """MiniStack accepts some of these keys; moto refuses all of them, as DynamoDB does."""
    with ENGINES["moto"](lambda _: None) as engine, pytest.raises(LimitExceeded):
        engine.connect().write([UpdateItem(DAY_SHEETS.key(partition, sort), [Path("version").add(1)])])
