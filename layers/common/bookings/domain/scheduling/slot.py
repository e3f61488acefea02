"""A slot: start, duration, practitioner, chair and service of a request or an appointment."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import ZonedDateTime, add_minutes


class Slot(Entity):
    """Start, duration, practitioner, chair and service. An id is null where any practitioner or chair is possible."""

    start: ZonedDateTime
    duration_minutes: int
    practitioner_id: str | None = None
    chair_id: str | None = None
    service_id: str | None = Field(default=None, description="null if no service was chosen")

    def __eq__(self, other: object) -> bool:
        """Whether all fields are equal, the start as an instant: Python ignores the fold of two times in one zone."""
        return isinstance(other, Slot) and self.begins == other.begins and super().__eq__(other)

    def __hash__(self) -> int:
        return hash((self.begins, self.duration_minutes))

    @property
    def zone(self) -> tzinfo:
        """The time zone of the start. Raises ValueError if it has none, since it cannot be compared then."""
        if self.start.tzinfo is None:
            raise ValueError("a slot needs a start with a time zone")
        return self.start.tzinfo

    @property
    def begins(self) -> datetime:
        """The start in UTC. Use it for comparisons, because Python ignores the fold of two times in one zone."""
        return self.start.astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The end in UTC."""
        return self.begins + timedelta(minutes=self.duration_minutes)

    @property
    def days(self) -> list[date]:
        """The local days of the slot: one, unless it runs past midnight."""
        last = add_minutes(self.start, max(self.duration_minutes - 1, 0)).date()
        return [self.start.date() + timedelta(days=offset) for offset in range((last - self.start.date()).days + 1)]


def visit_slots(slot: Slot, practitioner_minutes: int | None, also: Iterable[Slot]) -> tuple[Slot, ...]:
    """What a visit keeps busy: its chair and practitioner, each for their own time, and the further practitioners."""
    if practitioner_minutes in (None, slot.duration_minutes) or slot.practitioner_id is None:
        return (slot, *also)
    chair = slot.model_copy(update={"practitioner_id": None})
    practitioner = slot.model_copy(update={"chair_id": None, "duration_minutes": practitioner_minutes})
    return (chair, practitioner, *also)
