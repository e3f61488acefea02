"""How long a practice was open between two moments: the time in which somebody could have answered."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from bookings.domain.practice import Practice

Stretch = tuple[datetime, datetime]
"""From one instant to another."""

FORESEEN = timedelta(days=60)
"""As far ahead as opening hours are looked at; a practice that is closed for longer answers by the clock."""


def open_minutes(practice: Practice, start: datetime, end: datetime) -> int | None:
    """Minutes between the instants in which the practice was open; None if it has told no hours."""
    if practice.hours is None:
        return None
    opened = _opened(practice, start, end)
    return round(sum((until - since).total_seconds() for since, until in opened) / 60)


def after_open_minutes(practice: Practice, start: datetime, minutes: int) -> datetime:
    """When the practice will have been open for so many minutes; by the clock if it tells no hours to go by."""
    left = timedelta(minutes=minutes)
    for since, until in _opened(practice, start, start + FORESEEN):
        if since + left <= until:
            return since + left
        left -= until - since
    return start + timedelta(minutes=minutes)


def _opened(practice: Practice, start: datetime, end: datetime) -> list[Stretch]:
    closures = practice.hours.closures if practice.hours else ()
    closed = [(_instant(closure.start), _instant(closure.end)) for closure in closures]
    return _without(_merged(_weekly(practice, start, end)), closed)


def _weekly(practice: Practice, start: datetime, end: datetime) -> Iterator[Stretch]:
    """The weekly stretches between the instants, cut to them; where any chair serves, the practice is open."""
    chairs = [None, *(chair.id for chair in practice.chairs)]
    day, last = start.astimezone(practice.zone).date(), end.astimezone(practice.zone).date()
    while practice.hours and day <= last:
        for since, until in {one for chair in chairs for one in practice.hours.on(day, practice.zone, chair)}:
            cut = max(_instant(since), start), min(_instant(until), end)
            if cut[0] < cut[1]:
                yield cut
        day += timedelta(days=1)


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for since, until in sorted(stretches):
        if merged and since <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], until)
        else:
            merged.append((since, until))
    return merged


def _without(stretches: Iterable[Stretch], holes: Iterable[Stretch]) -> list[Stretch]:
    left = list(stretches)
    for begins, ends in holes:
        left = [
            piece
            for since, until in left
            for piece in ((since, min(until, begins)), (max(since, ends), until))
            if piece[0] < piece[1]
        ]
    return left


def _instant(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
