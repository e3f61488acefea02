"""A stretch of time with somebody, somewhere, for something."""

from datetime import UTC, date, datetime, timedelta, tzinfo

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import Zoned, add_minutes


class Slot(Entity):
    """When, how long, with whom, in which chair, for which service; ids are None where anyone or any chair will do."""

    start: Zoned
    duration_minutes: int
    practitioner_id: str | None = None
    chair_id: str | None = None
    service_id: str | None = None

    def __eq__(self, other: object) -> bool:
        """Whether all of it is the same; Python takes two equal wall times for one, although an hour lies between."""
        return isinstance(other, Slot) and self.begins == other.begins and super().__eq__(other)

    def __hash__(self) -> int:
        return hash((self.begins, self.duration_minutes))

    @property
    def zone(self) -> tzinfo:
        """The zone it is in; a slot without one cannot be compared with anything."""
        if self.start.tzinfo is None:
            raise ValueError("a slot needs a zone")
        return self.start.tzinfo

    @property
    def begins(self) -> datetime:
        """The instant it begins. Compare instants: two wall times of one zone compare without their folds."""
        return self.start.astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The instant it ends."""
        return self.begins + timedelta(minutes=self.duration_minutes)

    @property
    def days(self) -> list[date]:
        """The local days it touches: one, unless it runs past midnight."""
        last = add_minutes(self.start, max(self.duration_minutes - 1, 0)).date()
        return [self.start.date() + timedelta(days=n) for n in range((last - self.start.date()).days + 1)]
