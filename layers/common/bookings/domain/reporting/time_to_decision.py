"""Time to decision: a histogram in fixed buckets, and the quantiles that are estimated from it."""

from bisect import bisect_right
from collections.abc import Mapping

from pydantic import Field

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
"""Upper bounds in minutes, not included; a longer duration is in `longer`."""

_BUCKET_NAMES = (*BUCKETS, "longer")
_BOUNDS = (*BUCKETS.values(),)


class TimeToDecision(Entity):
    """Histogram and quantiles of the time from receipt to decision; quantiles are null without decisions."""

    decided: int = Field(description="accepted and rejected requests")
    median_minutes: int | None
    p90_minutes: int | None = Field(description="nine of ten requests were decided within these minutes")
    buckets: dict[str, int] = Field(description="decided requests, by the shortest time in which they were decided")


def bucket(minutes: float) -> str:
    """The bucket of a duration in minutes."""
    return _BUCKET_NAMES[bisect_right(_BOUNDS, minutes)]


def time_to_decision(counts: Mapping[str, int]) -> TimeToDecision:
    """The figures for these counts by bucket."""
    buckets = {name: counts.get(name, 0) for name in _BUCKET_NAMES}
    return TimeToDecision(
        decided=sum(buckets.values()),
        median_minutes=quantile(buckets, 0.5),
        p90_minutes=quantile(buckets, 0.9),
        buckets=buckets,
    )


def quantile(buckets: Mapping[str, int], share: float) -> int | None:
    """The minutes within which this share of requests was decided; None without decisions.

    It is interpolated as if the durations were spread evenly over their bucket. The bucket is always the right one
    (nearest-rank method). For the open bucket `longer`, it is the lower bound.
    """
    rank = share * sum(buckets.values())
    if not rank:
        return None
    count_below, lower = 0, 0
    for name, upper in BUCKETS.items():
        count = buckets.get(name, 0)
        if count_below + count >= rank:
            return round(lower + (upper - lower) * (rank - count_below) / count)
        count_below, lower = count_below + count, upper
    return lower
