"""The history of a request: one entry per revision, never changed."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from bookings.domain.kernel.base import Entity


class HistoryEntry(Entity):
    """One step in a request's life: who, when, and what was different before and after."""

    practice_id: str | None = Field(default=None, description="None in entries from before it was noted")
    request_id: str
    revision: int
    action: str
    at: datetime
    by: str
    by_name: str | None = None
    before: Mapping[str, object] | None
    after: Mapping[str, object]
