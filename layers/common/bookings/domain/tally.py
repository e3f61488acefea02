"""Counting requests: what a request counts as, where, and how a change moves it.

A request is counted in the cohort of the day it was received, in the practice's zone. What it counts as follows from
the request alone, so a decision moves it between columns and undoing the decision moves it back; the total stays.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from bookings.domain.request import Request, Status

TIME_TO_DECISION = {"within_15m": 15, "within_1h": 60, "within_4h": 240, "within_1d": 1440, "within_3d": 4320}
"""Upper bounds in minutes; what took longer is `longer`."""


class Cohort(NamedTuple):
    """The requests that are counted together. An empty id stands for anyone, or any service."""

    day: date
    source: str
    practitioner_id: str
    service_id: str


class Tally(NamedTuple):
    """The counters of one cohort."""

    cohort: Cohort
    counts: Mapping[str, int]


def cohort(request: Request) -> Cohort:
    """Where the request is counted."""
    wanted = request.requested
    received = request.received_at.astimezone(wanted.zone).date()
    return Cohort(received, request.source, wanted.practitioner_id or "", wanted.service_id or "")


def counts(request: Request) -> Counter[str]:
    """What the request counts as, now."""
    counted = Counter({"received": 1, f"status_{request.status}": 1})
    if request.resolution:
        counted[f"resolution_{request.resolution}"] = 1
    if request.decision and request.decision.reason:
        counted[f"reason_{request.decision.reason}"] = 1
    if request.decision and request.status in (Status.ACCEPTED, Status.REJECTED):
        counted[f"decided_{_speed(request.decision.at - request.received_at)}"] = 1
    return counted


def moved(before: Request | None, after: Request) -> dict[str, int]:
    """By how much each counter of the cohort moves when a request changes."""
    delta = counts(after)
    delta.subtract(counts(before) if before else Counter())
    return {column: step for column, step in delta.items() if step}


def _speed(taken: timedelta) -> str:
    minutes = taken.total_seconds() / 60
    return next((name for name, bound in TIME_TO_DECISION.items() if minutes < bound), "longer")
