"""The nearest times at which a practice really could serve a request."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from bookings.domain.kernel.intervals import Interval, intersect, subtract
from bookings.domain.practice.practice import Practice
from bookings.domain.scheduling.conflicts import candidate_slots
from bookings.domain.scheduling.day_sheet import Resource, SheetKey, Sheets
from bookings.domain.scheduling.slot import Slot

OPENING_GRID = timedelta(minutes=15)
"""Openings are offered on quarter hours, as front desks book."""


def days_around(wanted: Slot, now: datetime, reach: int) -> list[date]:
    """The wanted day and that many days on either side of it, none of them in the past."""
    today = now.astimezone(wanted.zone).date()
    around = (wanted.start.date() + timedelta(days=n) for n in range(-reach, reach + 1))
    return [day for day in around if day >= today]


def nearest_openings(
    practice: Practice, wanted: Slot, days: Sequence[date], sheets: Sheets, now: datetime, limit: int | None = None
) -> list[Slot]:
    """Real openings as long as the wanted slot, best first.

    The wanted practitioner comes before any other, then the wanted chair, then nearness in time. Every start is named
    once, with the best pair of practitioner and chair that can serve it.
    """
    if practice.is_stale(now):
        return []
    anyone = wanted.model_copy(update={"practitioner_id": None, "chair_id": None})
    found = [
        opening
        for day in days
        for pair in candidate_slots(practice, anyone)
        for opening in _openings_of(practice, pair, day, sheets, now)
    ]

    def rank(opening: Slot) -> tuple[bool, bool, timedelta, datetime]:
        return (
            wanted.practitioner_id not in (None, opening.practitioner_id),
            wanted.chair_id not in (None, opening.chair_id),
            abs(opening.begins - wanted.begins),
            opening.begins,
        )

    best: dict[datetime, Slot] = {}
    for opening in sorted(found, key=rank):
        best.setdefault(opening.begins, opening)
    return list(best.values())[:limit]


def _openings_of(practice: Practice, pair: Slot, day: date, sheets: Sheets, now: datetime) -> Iterator[Slot]:
    """The openings of one practitioner in one chair on one day."""
    length = timedelta(minutes=pair.duration_minutes)
    for begin, end in _free(practice, pair, day, sheets):
        start = _next_on_grid(max(begin, now))
        while start + length <= end:
            yield pair.model_copy(update={"start": start.astimezone(pair.zone)})
            start += OPENING_GRID


def _free(practice: Practice, pair: Slot, day: date, sheets: Sheets) -> list[Interval]:
    """When both are there and neither is taken: never the union of what each could do elsewhere."""
    person, chair = practice.practitioner(pair.practitioner_id), practice.chair(pair.chair_id)
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=pair.zone)
    free: list[Interval] = [(midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC))]
    for hours in (practice.hours, person.hours if person else None, chair.hours if chair else None):
        if hours is not None:
            free = subtract(intersect(free, hours.on(day, pair.zone, pair.chair_id)), hours.closed)
    return subtract(free, _busy_stretches(pair, day, sheets))


def _busy_stretches(pair: Slot, day: date, sheets: Sheets) -> list[Interval]:
    wanted = (Resource("chair", pair.chair_id or ""), Resource("practitioner", pair.practitioner_id or ""))
    written = (sheets.get(SheetKey(day, resource)) for resource in wanted)
    return [(busy.slot.begins, busy.slot.ends) for sheet in written if sheet for busy in sheet.busy.values()]


def _next_on_grid(moment: datetime) -> datetime:
    """The first quarter hour at or after that instant."""
    return moment + (datetime.min.replace(tzinfo=UTC) - moment) % OPENING_GRID
