"""Stretches of time, each from one instant (in UTC) to another: joined, shared, and with holes."""

from collections.abc import Collection, Iterable
from datetime import datetime

Interval = tuple[datetime, datetime]


def merge(stretches: Iterable[Interval]) -> list[Interval]:
    """The same time in as few stretches as there can be, in order: two that touch or overlap are one."""
    whole: list[Interval] = []
    for begin, end in sorted(stretches):
        if whole and begin <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(whole[-1][1], end)
        else:
            whole.append((begin, end))
    return whole


def intersect(ones: Iterable[Interval], others: Collection[Interval]) -> list[Interval]:
    """The time that is in both."""
    pairs = ((max(a, c), min(b, d)) for a, b in ones for c, d in others)
    return [(begin, end) for begin, end in pairs if begin < end]


def subtract(stretches: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """What the holes leave."""
    left = list(stretches)
    for begin, end in holes:
        left = [part for a, b in left for part in ((a, min(b, begin)), (max(a, end), b)) if part[0] < part[1]]
    return left
