"""Rate limits: at most so many calls of one kind in an hour (the fixed window counter)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class RateLimit:
    """The limit of one hour. A change set that has it is counted in its own transaction, or refused if it is used up.

    `id` names what is limited and the hour, so each hour begins at 0.
    """

    id: str
    limit: int
    ends_at: datetime

    @classmethod
    def in_hour_of(cls, now: datetime, *, subject: str, limit: int) -> "RateLimit":
        """The limit of the hour of the clock that `now` is in; in UTC, since no practice needs to know the hour."""
        begins_at = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return cls(f"{subject}#{begins_at:%Y-%m-%dT%H}", limit, begins_at + WINDOW)

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until the hour ends, at least 1."""
        return max(1, -((now - self.ends_at) // timedelta(seconds=1)))
