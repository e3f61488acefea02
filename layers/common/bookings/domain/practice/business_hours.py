"""Business hours of a practice, a practitioner or a chair: weekly opening hours and closures."""

from datetime import UTC, date, time, timedelta, tzinfo

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.intervals import TimeInterval, merge
from bookings.domain.kernel.wall_time import ZonedDateTime, combine


class OpenHours(Entity):
    """Opening hours that begin on one weekday, in wall-clock time. With a `chair_id` they apply to that chair only."""

    weekday: int = Field(ge=1, le=7, description="ISO 8601: 1 is Monday")
    start: time
    end: time
    ends_next_day: bool = Field(default=False, description="`end` is on the next day; its 00:00 is midnight")
    chair_id: str | None = None

    @property
    def is_overnight(self) -> bool:
        """Whether it reaches midnight. Stored hours of before `ends_next_day` may end before they begin."""
        return self.ends_next_day or self.end < self.start

    def on(self, day: date, tz: tzinfo) -> TimeInterval:
        """The stretch that begins on that day."""
        last = day + timedelta(days=1) if self.is_overnight else day
        return combine(day, self.start, tz).astimezone(UTC), combine(last, self.end, tz).astimezone(UTC)

    def days_around(self, day: date, chair_id: str | None) -> list[date]:
        """The days on which stretches of that chair begin that are open on the day, or adjoin it at midnight."""
        if self.chair_id not in (None, chair_id):
            return []
        days = []
        if self.weekday == day.isoweekday():
            days.append(day)
        if self.is_overnight and self.weekday % 7 + 1 == day.isoweekday():
            days.append(day - timedelta(days=1))
        if self.start == time() and self.weekday == day.isoweekday() % 7 + 1:
            days.append(day + timedelta(days=1))
        return days


class Closure(Entity):
    """A period without appointments: a holiday, a course, a broken chair."""

    start: ZonedDateTime
    end: ZonedDateTime


class Hours(Entity):
    """Weekly opening hours and closures of a practice, a practitioner or a chair."""

    weekly: tuple[OpenHours, ...] = ()
    closures: tuple[Closure, ...] = ()

    def on(self, day: date, tz: tzinfo, chair_id: str | None) -> list[TimeInterval]:
        """The opening hours on that day for that chair, as merged intervals. Closures are not subtracted yet.

        Stretches are whole: also those that began on the day before, and those that go on when the day ends.
        """
        return merge(hours.on(each, tz) for hours in self.weekly for each in hours.days_around(day, chair_id))

    @property
    def passes_midnight(self) -> bool:
        """Whether some stretch reaches midnight, so that a visit may pass it."""
        return any(hours.is_overnight for hours in self.weekly)

    @property
    def closed(self) -> list[TimeInterval]:
        """The closures as intervals."""
        return [(closure.start.astimezone(UTC), closure.end.astimezone(UTC)) for closure in self.closures]
