"""Business hours of a practice, a practitioner or a chair: weekly opening hours and closures."""

from datetime import UTC, date, time, tzinfo

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.intervals import TimeInterval, merge
from bookings.domain.kernel.wall_time import ZonedDateTime, combine


class OpenHours(Entity):
    """Opening hours on one weekday, in wall-clock time. With a `chair_id` they apply to that chair only."""

    weekday: int = Field(ge=1, le=7, description="ISO 8601: 1 is Monday")
    start: time
    end: time
    chair_id: str | None = None


class Closure(Entity):
    """A period without appointments: a holiday, a course, a broken chair."""

    start: ZonedDateTime
    end: ZonedDateTime


class Hours(Entity):
    """Weekly opening hours and closures of a practice, a practitioner or a chair."""

    weekly: tuple[OpenHours, ...] = ()
    closures: tuple[Closure, ...] = ()

    def on(self, day: date, tz: tzinfo, chair_id: str | None) -> list[TimeInterval]:
        """The opening hours of that day for that chair, as merged intervals. Closures are not subtracted yet."""
        return merge(
            (combine(day, hours.start, tz).astimezone(UTC), combine(day, hours.end, tz).astimezone(UTC))
            for hours in self.weekly
            if hours.weekday == day.isoweekday() and hours.chair_id in (None, chair_id)
        )

    @property
    def closed(self) -> list[TimeInterval]:
        """The closures as intervals."""
        return [(closure.start.astimezone(UTC), closure.end.astimezone(UTC)) for closure in self.closures]
