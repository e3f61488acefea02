"""The cursor of a round-robin audit in memory."""

from collections.abc import Sequence


class InMemoryRoundRobin:
    """The RoundRobin of these practice ids in memory."""

    def __init__(self, practice_ids: Sequence[str]) -> None:
        self._practice_ids = sorted(practice_ids)
        self._cursor = ""

    def next_practices(self, practice_id: str, limit: int) -> list[str]:
        return [each for each in self._practice_ids if each > practice_id][:limit]

    def cursor(self) -> str:
        return self._cursor

    def move_cursor(self, practice_id: str) -> None:
        self._cursor = practice_id
