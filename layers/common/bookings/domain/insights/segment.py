"""Patterns: where in the week, and with whom, in which chair or for what, requests have something in common."""

import hashlib
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.reporting.tally import Cohort
from bookings.domain.scheduling.slot import Slot


class Segment(NamedTuple):
    """A part of what can be asked for; None where it does not matter. Weekday (ISO 8601) and hour as in a cohort."""

    weekday: int | None = None
    hour: int | None = None
    practitioner_id: str | None = None
    service_id: str | None = None
    chair_id: str | None = None

    @property
    def named(self) -> int:
        """How many things it names: the more, the more specific."""
        return sum(part is not None for part in self)


class Pattern(NamedTuple):
    """A cause that may repeat itself in a place."""

    cause: Cause
    place: Segment

    @property
    def id(self) -> str:
        """The same for the same pattern, whenever and over whatever days it is found."""
        text = "\x1f".join((self.cause, *("" if part is None else str(part) for part in self.place)))
        return f"find_{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def segment_of(cohort: Cohort) -> Segment:
    """All that the requests of the cohort have in common."""
    return Segment(
        cohort.weekday, cohort.hour, cohort.practitioner_id or None, cohort.service_id or None, cohort.chair_id or None
    )


def requested_segment(requested: Slot) -> Segment:
    """The same for one request."""
    return Segment(
        requested.start.isoweekday(),
        requested.start.hour,
        requested.practitioner_id or None,
        requested.service_id or None,
        requested.chair_id or None,
    )


def wider_segments(place: Segment) -> Iterator[Segment]:
    """Every place of a pattern that holds this one: a time of the week, and at most one thing besides."""
    things = {"practitioner_id": place.practitioner_id, "service_id": place.service_id, "chair_id": place.chair_id}
    besides = [{}, *({name: thing} for name, thing in things.items() if thing)]
    for weekday, hour, other in product((None, place.weekday), (None, place.hour), besides):
        yield Segment(weekday, hour, **other)


def contains(wide: Segment, narrow: Segment) -> bool:
    """Whether all that the wide place names is so in the narrow one."""
    return all(asked is None or asked == has for asked, has in zip(wide, narrow, strict=True))
