"""Availability: the openings nearest to a wanted time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from bookings.domain.kernel.intervals import TimeInterval, intersect, subtract
from bookings.domain.practice.practice import Practice
from bookings.domain.scheduling.conflicts import candidate_slots
from bookings.domain.scheduling.day_sheet import Resource, SheetKey, Sheets
from bookings.domain.scheduling.slot import Slot

OPENING_GRID = timedelta(minutes=15)
"""Openings start on quarter hours, as front desks book them."""


def days_around(wanted: Slot, now: datetime, reach: int) -> list[date]:
    """The wanted day and up to `reach` days before and after it, without past days."""
    today = now.astimezone(wanted.zone).date()
    days = (wanted.start.date() + timedelta(days=offset) for offset in range(-reach, reach + 1))
    return [day for day in days if day >= today]


def sheet_days(practice: Practice, days: Iterable[date]) -> list[date]:
    """The days whose sheets `nearest_openings` needs: an opening passes midnight where the practice's hours do."""
    nights = _passes_midnight(practice)
    return sorted({day + timedelta(days=offset) for day in days for offset in ((0, 1) if nights else (0,))})


def nearest_openings(
    practice: Practice, wanted: Slot, days: Sequence[date], sheets: Sheets, now: datetime, limit: int | None = None
) -> list[Slot]:
    """Openings with the duration of the wanted slot, best first; none while the PMS data is stale.

    Openings with the wanted practitioner come first, then those with the wanted chair, then the nearest in time. Each
    start occurs once, with the best pair of practitioner and chair that is free then.
    """
    if practice.is_stale(now):
        return []
    with_anyone = wanted.model_copy(update={"practitioner_id": None, "chair_id": None})
    openings = [
        opening
        for day in days
        for pair in candidate_slots(practice, with_anyone)
        for opening in _openings_for(practice, pair, day, sheets, now)
    ]

    def rank(opening: Slot) -> tuple[bool, bool, timedelta, datetime]:
        return (
            wanted.practitioner_id not in (None, opening.practitioner_id),
            wanted.chair_id not in (None, opening.chair_id),
            abs(opening.begins - wanted.begins),
            opening.begins,
        )

    best_by_start: dict[datetime, Slot] = {}
    for opening in sorted(openings, key=rank):
        best_by_start.setdefault(opening.begins, opening)
    return list(best_by_start.values())[:limit]


def _openings_for(practice: Practice, pair: Slot, day: date, sheets: Sheets, now: datetime) -> Iterator[Slot]:
    """The openings of one pair of practitioner and chair on one day."""
    duration = timedelta(minutes=pair.duration_minutes)
    midnight = _midnight(pair, day + timedelta(days=1))
    for begin, end in _free_intervals(practice, pair, day, sheets):
        start = _next_on_grid(max(begin, now))
        while start < midnight and start + duration <= end:
            yield pair.model_copy(update={"start": start.astimezone(pair.zone)})
            start += OPENING_GRID


def _free_intervals(practice: Practice, pair: Slot, day: date, sheets: Sheets) -> list[TimeInterval]:
    """When practitioner and chair are both open and both free, until the last opening of the day ends."""
    practitioner, chair = practice.practitioner(pair.practitioner_id), practice.chair(pair.chair_id)
    end = _midnight(pair, day + timedelta(days=1))
    if _passes_midnight(practice):
        end += timedelta(minutes=pair.duration_minutes)
    free: list[TimeInterval] = [(_midnight(pair, day), end)]
    for hours in (practice.hours, practitioner.hours if practitioner else None, chair.hours if chair else None):
        if hours is not None:
            free = subtract(intersect(free, hours.on(day, pair.zone, pair.chair_id)), hours.closed)
    return subtract(free, _busy_intervals(pair, day, sheets))


def _busy_intervals(pair: Slot, day: date, sheets: Sheets) -> list[TimeInterval]:
    resources = (Resource("chair", pair.chair_id or ""), Resource("practitioner", pair.practitioner_id or ""))
    days = (day, day + timedelta(days=1))
    pair_sheets = (sheets.get(SheetKey(each, resource)) for each in days for resource in resources)
    return [(busy.slot.begins, busy.slot.ends) for sheet in pair_sheets if sheet for busy in sheet.busy.values()]


def _passes_midnight(practice: Practice) -> bool:
    return practice.hours is not None and practice.hours.passes_midnight


def _midnight(pair: Slot, day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=pair.zone).astimezone(UTC)


def _next_on_grid(moment: datetime) -> datetime:
    """The first quarter hour at or after that instant."""
    return moment + (datetime.min.replace(tzinfo=UTC) - moment) % OPENING_GRID
