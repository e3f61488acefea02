"""Wall time in a practice's zone, and its stored form (RFC 9557).

Zone rules change (British Columbia, Alberta and Manitoba changed theirs in 2026). So the stored value is the wall time
with its zone: `2026-07-15T15:00-07:00[America/Vancouver]`. On reading, wall time and zone count. The offset is used
only where a wall time occurs twice on a day, to choose between the two. The text sorts by wall time (docs/adr/0003).
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from bookings.domain.kernel.errors import Invalid


def get_zone(name: str) -> ZoneInfo:
    """The IANA time zone with that name. Raises ValueError if there is none."""
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError):
        raise ValueError("not an IANA time zone") from None


def to_rfc9557(moment: datetime) -> str:
    """The RFC 9557 text of a zoned time; seconds are omitted where they are zero. Raises ValueError without a zone."""
    if not isinstance(moment.tzinfo, ZoneInfo):
        raise ValueError("RFC 9557 text needs a time with an IANA time zone")
    precision = "auto" if moment.second or moment.microsecond else "minutes"
    return f"{moment.isoformat(timespec=precision)}[{moment.tzinfo.key}]"


def from_rfc9557(text: str) -> datetime:
    """The zoned time with the wall time and zone of the text; the offset only sets the fold."""
    date_time, _, zone_name = text.removesuffix("]").partition("[")
    with_offset = datetime.fromisoformat(date_time)
    first = with_offset.replace(tzinfo=get_zone(zone_name), fold=0)
    second = first.replace(fold=1)
    return second if second.utcoffset() == with_offset.utcoffset() != first.utcoffset() else first


def _parse_zoned(value: object) -> object:
    return from_rfc9557(value) if isinstance(value, str) and value.endswith("]") else value


ZonedDateTime = Annotated[datetime, BeforeValidator(_parse_zoned)]
"""A time in a practice's zone. Pydantic also reads it from its RFC 9557 text."""


def to_local(moment: datetime, tz: ZoneInfo, field: str) -> datetime:
    """Convert a caller's date-time to the practice's zone. Without an offset it is read as wall time there.

    Raises Invalid, naming `field`, if the wall time does not exist on that day or occurs twice.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(tz)
    first, second = moment.replace(tzinfo=tz, fold=0), moment.replace(tzinfo=tz, fold=1)
    if first.astimezone(UTC).astimezone(tz).replace(tzinfo=None) != moment:
        raise Invalid.field(
            field, "this time does not exist on that day, because the clocks go forward; choose another time"
        )
    if first.utcoffset() != second.utcoffset():
        raise Invalid.field(field, "this time occurs twice on that day, because the clocks go back; add the UTC offset")
    return first


def add_minutes(moment: datetime, minutes: int) -> datetime:
    """The zoned time that many elapsed minutes later, also across a change of the UTC offset."""
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def combine(day: date, wall_clock: time, tz: tzinfo) -> datetime:
    """That wall-clock time on that day, in that zone."""
    return datetime.combine(day, wall_clock, tzinfo=tz)
