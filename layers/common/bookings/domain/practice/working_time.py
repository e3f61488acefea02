"""How long a practice was open between two moments: the time in which somebody could have answered."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bookings.domain.kernel.intervals import Interval, intersect, merge, subtract
from bookings.domain.practice.practice import Practice

MAX_LOOKAHEAD = timedelta(days=60)
"""As far ahead as opening hours are looked at; a practice that is closed for longer answers by the clock."""


def open_minutes(practice: Practice, start: datetime, end: datetime) -> int | None:
    """Minutes between the instants in which the practice was open; None if it has told no hours."""
    if practice.hours is None:
        return None
    opened = _opened(practice, start, end)
    return round(sum((until - since).total_seconds() for since, until in opened) / 60)


def add_open_minutes(practice: Practice, start: datetime, minutes: int) -> datetime:
    """When the practice will have been open for so many minutes; by the clock if it tells no hours to go by."""
    left = timedelta(minutes=minutes)
    for since, until in _opened(practice, start, start + MAX_LOOKAHEAD):
        if since + left <= until:
            return since + left
        left -= until - since
    return start + timedelta(minutes=minutes)


def _opened(practice: Practice, start: datetime, end: datetime) -> list[Interval]:
    closed = practice.hours.closed if practice.hours else []
    return subtract(merge(_weekly(practice, start, end)), closed)


def _weekly(practice: Practice, start: datetime, end: datetime) -> Iterator[Interval]:
    """The weekly stretches between the instants, cut to them; where any chair serves, the practice is open."""
    chairs = [None, *(chair.id for chair in practice.chairs)]
    day, last = start.astimezone(practice.zone).date(), end.astimezone(practice.zone).date()
    while practice.hours and day <= last:
        for chair in chairs:
            yield from intersect(practice.hours.on(day, practice.zone, chair), [(start, end)])
        day += timedelta(days=1)
