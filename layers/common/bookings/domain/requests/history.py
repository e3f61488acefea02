"""The history of a request: one entry per revision, never changed."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from bookings.domain.kernel.base import Entity


class HistoryEntry(Entity):
    """One change of a request: who made it, when, and the changed fields before and after."""

    practice_id: str | None = Field(default=None, description="null in entries older than this field")
    request_id: str
    revision: int
    action: str
    at: datetime
    by: str
    by_name: str | None = None
    before: Mapping[str, object] | None
    after: Mapping[str, object]
