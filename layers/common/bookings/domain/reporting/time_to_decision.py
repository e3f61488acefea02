"""How long decisions took, as far as counters can tell: buckets, and the quantiles estimated from them."""

from bisect import bisect_right
from collections.abc import Mapping

from bookings.domain.kernel.base import Entity

BUCKETS = {
    "within_5m": 5,
    "within_15m": 15,
    "within_30m": 30,
    "within_1h": 60,
    "within_2h": 120,
    "within_4h": 240,
    "within_8h": 480,
    "within_1d": 1440,
    "within_2d": 2880,
    "within_3d": 4320,
    "within_7d": 10080,
    "within_14d": 20160,
    "within_30d": 43200,
}
"""Upper bounds in minutes, not included; what took longer is `longer`."""

_NAMES = (*BUCKETS, "longer")
_BOUNDS = (*BUCKETS.values(),)


class TimeToDecision(Entity):
    """How long requests waited for their decision; quantiles in minutes, None where nothing was decided."""

    decided: int
    median_minutes: int | None
    p90_minutes: int | None
    buckets: dict[str, int]


def bucket(minutes: float) -> str:
    """The bucket that a duration falls into."""
    return _NAMES[bisect_right(_BOUNDS, minutes)]


def time_to_decision(counted: Mapping[str, int]) -> TimeToDecision:
    """The figures over these buckets."""
    buckets = {name: counted.get(name, 0) for name in _NAMES}
    return TimeToDecision(
        decided=sum(buckets.values()),
        median_minutes=quantile(buckets, 0.5),
        p90_minutes=quantile(buckets, 0.9),
        buckets=buckets,
    )


def quantile(buckets: Mapping[str, int], share: float) -> int | None:
    """The minutes within which that share was decided, as if each bucket were evenly filled.

    The bucket is the true quantile's own (nearest rank). Where that is the open one, its lower bound is the answer.
    """
    rank = share * sum(buckets.values())
    if not rank:
        return None
    below, lower = 0, 0
    for name, upper in BUCKETS.items():
        inside = buckets.get(name, 0)
        if below + inside >= rank:
            return round(lower + (upper - lower) * (rank - below) / inside)
        below, lower = below + inside, upper
    return lower
