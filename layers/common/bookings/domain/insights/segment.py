"""Segments (what requests have in common) and patterns (a cause in a segment).

A segment is a weekday, hour, practitioner, service or chair, or a combination of them.
"""

import hashlib
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.reporting.tally import Cohort
from bookings.domain.scheduling.slot import Slot


class Segment(NamedTuple):
    """The values that requests have in common; None where any value counts.

    Weekday (ISO 8601: 1 is Monday) and hour are those of the requested start, in local time.
    """

    weekday: int | None = None
    hour: int | None = None
    practitioner_id: str | None = None
    service_id: str | None = None
    chair_id: str | None = None

    @property
    def named(self) -> int:
        """How many values it has; more values make it more specific."""
        return sum(part is not None for part in self)


class Pattern(NamedTuple):
    """A cause that may recur in a segment."""

    cause: Cause
    segment: Segment

    @property
    def id(self) -> str:
        """A digest of cause and segment, so that a pattern has the same id on any days and at any time."""
        text = "\x1f".join((self.cause, *("" if part is None else str(part) for part in self.segment)))
        return f"find_{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def segment_of(cohort: Cohort) -> Segment:
    """The most specific segment of a cohort."""
    return Segment(
        cohort.weekday, cohort.hour, cohort.practitioner_id or None, cohort.service_id or None, cohort.chair_id or None
    )


def requested_segment(requested: Slot) -> Segment:
    """The most specific segment of a requested slot."""
    return Segment(
        requested.start.isoweekday(),
        requested.start.hour,
        requested.practitioner_id or None,
        requested.service_id or None,
        requested.chair_id or None,
    )


def wider_segments(segment: Segment) -> Iterator[Segment]:
    """All segments of patterns that contain this one: weekday, hour, and at most one of the ids."""
    ids = {
        "practitioner_id": segment.practitioner_id,
        "service_id": segment.service_id,
        "chair_id": segment.chair_id,
    }
    id_choices = [{}, *({name: value} for name, value in ids.items() if value)]
    for weekday, hour, id_choice in product((None, segment.weekday), (None, segment.hour), id_choices):
        yield Segment(weekday, hour, **id_choice)


def contains(wider: Segment, segment: Segment) -> bool:
    """Whether the segment has every value that the wider one has."""
    return all(wider_value is None or wider_value == value for wider_value, value in zip(wider, segment, strict=True))
