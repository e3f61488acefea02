"""Time intervals: pairs of instants in UTC, and their union, intersection and difference."""

from collections.abc import Collection, Iterable
from datetime import datetime

TimeInterval = tuple[datetime, datetime]
"""Start and end in UTC; the end is not included."""


def merge(intervals: Iterable[TimeInterval]) -> list[TimeInterval]:
    """The union, as the fewest possible intervals, in order. Intervals that touch or overlap become one."""
    merged: list[TimeInterval] = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((begin, end))
    return merged


def intersect(left: Iterable[TimeInterval], right: Collection[TimeInterval]) -> list[TimeInterval]:
    """The time that is in both."""
    overlaps = (
        (max(left_begin, right_begin), min(left_end, right_end))
        for left_begin, left_end in left
        for right_begin, right_end in right
    )
    return [(begin, end) for begin, end in overlaps if begin < end]


def subtract(intervals: Iterable[TimeInterval], excluded: Iterable[TimeInterval]) -> list[TimeInterval]:
    """The time in the intervals that is not excluded."""
    remaining = list(intervals)
    for cut_begin, cut_end in excluded:
        parts = (
            part for begin, end in remaining for part in ((begin, min(end, cut_begin)), (max(begin, cut_end), end))
        )
        remaining = [(begin, end) for begin, end in parts if begin < end]
    return remaining
