"""When a practice, a practitioner or a chair can serve: weekly hours and closures."""

from datetime import UTC, date, time, tzinfo

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.intervals import Interval, merge
from bookings.domain.kernel.wall_time import Zoned, combine


class OpenHours(Entity):
    """One stretch of a week, in wall-clock time; with a chair, it holds in that chair only."""

    weekday: int = Field(ge=1, le=7, description="ISO 8601: 1 is Monday")
    start: time
    end: time
    chair_id: str | None = None


class Closure(Entity):
    """A stretch of time without appointments: a holiday, a course, a broken chair."""

    start: Zoned
    end: Zoned


class Hours(Entity):
    """When a practice, a practitioner or a chair can serve."""

    weekly: tuple[OpenHours, ...] = ()
    closures: tuple[Closure, ...] = ()

    def on(self, day: date, tz: tzinfo, chair_id: str | None) -> list[Interval]:
        """The open stretches of that day in that chair, closures not yet taken out; two that touch are one."""
        return merge(
            (combine(day, hours.start, tz).astimezone(UTC), combine(day, hours.end, tz).astimezone(UTC))
            for hours in self.weekly
            if hours.weekday == day.isoweekday() and hours.chair_id in (None, chair_id)
        )

    @property
    def closed(self) -> list[Interval]:
        """The closures."""
        return [(closure.start.astimezone(UTC), closure.end.astimezone(UTC)) for closure in self.closures]
