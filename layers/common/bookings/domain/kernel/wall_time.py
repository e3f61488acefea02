"""Time as a practice lives it: wall clock first, instants derived.

Zone rules change (British Columbia, Alberta and Manitoba changed theirs in 2026), so what is stored is the wall time
with its zone, as RFC 9557 writes it: `2026-07-15T15:00-07:00[America/Vancouver]`. On reading, wall time and zone are
the truth; the offset only tells the first from the second of two equal wall times. The text sorts by wall time.
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from bookings.domain.kernel.errors import Invalid


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; ValueError if there is none."""
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError):
        raise ValueError("not an IANA time zone") from None


def to_rfc9557(moment: datetime) -> str:
    """The text under which a zoned time is stored; whole seconds are dropped where they are zero."""
    if not isinstance(moment.tzinfo, ZoneInfo):
        raise ValueError("only a time in a zone has an RFC 9557 text")
    precision = "auto" if moment.second or moment.microsecond else "minutes"
    return f"{moment.isoformat(timespec=precision)}[{moment.tzinfo.key}]"


def from_rfc9557(text: str) -> datetime:
    """The zoned time: wall time and zone as written; the offset only picks the fold."""
    stamp, _, name = text.removesuffix("]").partition("[")
    written = datetime.fromisoformat(stamp)
    wall = written.replace(tzinfo=zone(name), fold=0)
    second = wall.replace(fold=1)
    return second if second.utcoffset() == written.utcoffset() != wall.utcoffset() else wall


def _zoned(value: object) -> object:
    return from_rfc9557(value) if isinstance(value, str) and value.endswith("]") else value


Zoned = Annotated[datetime, BeforeValidator(_zoned)]
"""A time in a practice's zone; Pydantic reads it from its RFC 9557 text too."""


def to_local(moment: datetime, tz: ZoneInfo, field: str) -> datetime:
    """What a caller wrote, in the practice's zone: with an offset an instant, without one a wall time.

    Raises Invalid for a wall time that does not exist on that day, or exists twice.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(tz)
    first, second = moment.replace(tzinfo=tz, fold=0), moment.replace(tzinfo=tz, fold=1)
    if first.astimezone(UTC).astimezone(tz).replace(tzinfo=None) != moment:
        raise Invalid.field(field, "this time does not exist on that day: the clocks skip it")
    if first.utcoffset() != second.utcoffset():
        raise Invalid.field(field, "this time occurs twice on that day: add the offset")
    return first


def add_minutes(moment: datetime, minutes: int) -> datetime:
    """The zoned time that many real minutes later, across any change of clocks."""
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def combine(day: date, clock: time, tz: tzinfo) -> datetime:
    """That wall-clock time on that day."""
    return datetime.combine(day, clock, tzinfo=tz)
