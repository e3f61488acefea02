"""The cache of practices: fresh after a change, and limited."""

import pytest
from pynamodb.expressions.operand import Path

from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.storage import practice_repository as storage
from bookings.storage.codec import Item
from bookings.storage.dynamodb import DynamoDb, SortCondition
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.storage.schema import KeySchema
from bookings.use_cases.update_practice_settings import update_practice_settings
from tests.support.api_harness import ApiHarness
from tests.support.builders import a_practice
from tests.support.scenarios import HARBOUR


class LateReplica(DynamoDb):
    """A database whose eventually consistent reads always return the first result.

    DynamoDB may answer so, for a moment; no emulator does.
    """

    def __init__(self, database: DynamoDb) -> None:
        super().__init__(database._connection, database._tables)
        self._seen: dict[str, list[Item]] = {}
        self.reads = 0

    def query(
        self,
        schema: KeySchema,
        partition: str,
        sort: SortCondition | None = None,
        *,
        limit: int | None = None,
        newest_first: bool = False,
        consistent: bool = False,
    ) -> list[Item]:
        self.reads += 1
        items = super().query(schema, partition, sort, limit=limit, newest_first=newest_first, consistent=consistent)
        condition = sort and repr(sort(Path("sort")))
        asked = repr((schema, partition, condition, limit, newest_first))
        return items if consistent else self._seen.setdefault(asked, items)


def test_changed_settings_are_read_back_even_from_a_late_replica(moto_api: ApiHarness) -> None:
    practices = DynamoPracticeRepository(LateReplica(moto_api.engine.connect()), cache_seconds=60)
    for address in ("1 Harbour St", "2 Harbour St"):
        update_practice_settings(practices, HARBOUR.id, PracticeSettings(address=address))
        found = practices.get(HARBOUR.id)
        assert found
        assert found.address == address


def test_the_cache_keeps_the_practices_read_last(moto_api: ApiHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "MAX_CACHED_PRACTICES", 2)
    database = LateReplica(moto_api.engine.connect())
    practices = DynamoPracticeRepository(database, cache_seconds=60)
    ids = [a_practice().id for _ in range(3)]
    for practice_id in ids:
        practices.save(a_practice(id=practice_id))
        practices.get(practice_id)
    assert database.reads == 3
    practices.get(ids[1])
    practices.get(ids[2])
    assert database.reads == 3
    practices.get(ids[0])
    assert database.reads == 4
    practices.get(ids[2])
    assert database.reads == 4, "the least recently read practice was removed"
