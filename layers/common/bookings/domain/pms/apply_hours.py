"""Convert the business hours of an event into those that Chairlink keeps."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bookings.domain.kernel.errors import Invalid
from bookings.domain.pms.event_models import ClosureData, HoursData, WeeklyData
from bookings.domain.practice.business_hours import Closure, Hours, OpenHours
from bookings.domain.practice.practice import Practice, SectionKind

_END_OF_DAY = "24:00"

_SECTION_OF_OWNER: dict[str | None, SectionKind] = {
    "practitioner": "practitioner_hours",
    "chair": "chair_hours",
    "practice": "hours",
    None: "hours",
}


def owner_section(practice: Practice, data: HoursData) -> SectionKind:
    """The kind of the section that has these hours. Raises Invalid for hours of another practice."""
    if data.of == "practice" and data.id != practice.id:
        raise Invalid.field("data.id", f"must be {practice.id}, the id of the practice, for hours of the practice")
    return _SECTION_OF_OWNER[data.of]


def to_hours(practice: Practice, data: HoursData) -> Hours:
    """The business hours, with closures in the practice's time zone. Raises Invalid for what ends before it begins."""
    return Hours(
        weekly=tuple(_open_hours(index, stretch) for index, stretch in enumerate(data.weekly)),
        closures=tuple(_closures(practice.zone, data.closures)),
    )


def _open_hours(index: int, data: WeeklyData) -> OpenHours:
    if data.start == data.end:
        raise Invalid.field(
            f"data.weekly.{index}.end",
            "must not be the start: a whole day is 00:00 to 24:00, and a closed day has no hours",
        )
    is_end_of_day = data.end == _END_OF_DAY
    return OpenHours(
        weekday=data.weekday,
        start=time.fromisoformat(data.start),
        end=time() if is_end_of_day else time.fromisoformat(data.end),
        ends_next_day=is_end_of_day or data.end < data.start,
        chair_id=data.chair_id,
    )


def _closures(zone: ZoneInfo, closures: list[ClosureData]) -> Iterator[Closure]:
    for index, data in enumerate(closures):
        start, end = _boundary(data.start, zone, fold=0), _boundary(data.end, zone, fold=1)
        if start.astimezone(UTC) >= end.astimezone(UTC) and data.start.tzinfo is None:
            start = data.start.replace(tzinfo=zone, fold=1)  # a skipped start as much earlier, before the clock change
        if start.astimezone(UTC) >= end.astimezone(UTC):
            raise Invalid.field(f"data.closures.{index}.end", "must be after the start of the closure")
        yield Closure(start=start.astimezone(UTC).astimezone(zone), end=end)


def _boundary(moment: datetime, zone: ZoneInfo, fold: int) -> datetime:
    """Where a closure begins or ends. Wall time that a clock change skips is as much later (RFC 5545 §3.3.5).

    A closure may be of a whole day, and some days have no midnight. Of a wall time that occurs twice, a closure begins
    with the first and ends with the second: it is not shorter than the PMS may mean.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(zone)
    first, last = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    is_skipped = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment
    return (first if is_skipped or fold == 0 else last).astimezone(UTC).astimezone(zone)
