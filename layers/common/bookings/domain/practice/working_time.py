"""Working time: minutes of business hours between two instants, and due times counted in them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bookings.domain.kernel.intervals import TimeInterval, intersect, merge, subtract
from bookings.domain.practice.practice import Practice

MAX_LOOKAHEAD = timedelta(days=60)
"""How far ahead business hours are searched. Beyond that, due times count elapsed minutes."""


def open_minutes(practice: Practice, start: datetime, end: datetime) -> int | None:
    """Minutes of business hours between the instants, rounded. None if the practice has no hours on record."""
    if practice.hours is None:
        return None
    intervals = _open_intervals(practice, start, end)
    return round(sum((end - begin).total_seconds() for begin, end in intervals) / 60)


def add_open_minutes(practice: Practice, start: datetime, minutes: int) -> datetime:
    """The instant that many minutes of business hours after `start`.

    Elapsed minutes count instead if the practice has no hours on record, or too few within MAX_LOOKAHEAD.
    """
    remaining = timedelta(minutes=minutes)
    for begin, end in _open_intervals(practice, start, start + MAX_LOOKAHEAD):
        if begin + remaining <= end:
            return begin + remaining
        remaining -= end - begin
    return start + timedelta(minutes=minutes)


def _open_intervals(practice: Practice, start: datetime, end: datetime) -> list[TimeInterval]:
    closed = practice.hours.closed if practice.hours else []
    return subtract(merge(_weekly_intervals(practice, start, end)), closed)


def _weekly_intervals(practice: Practice, start: datetime, end: datetime) -> Iterator[TimeInterval]:
    """The weekly hours between the instants. The practice counts as open while any of its chairs is."""
    chair_ids = [None, *(chair.id for chair in practice.chairs)]
    day, last = start.astimezone(practice.zone).date(), end.astimezone(practice.zone).date()
    while practice.hours and day <= last:
        for chair_id in chair_ids:
            yield from intersect(practice.hours.on(day, practice.zone, chair_id), [(start, end)])
        day += timedelta(days=1)
