"""Counting requests: what a request counts as, where, and how a change moves it.

A request is counted in the cohort of the day it was received, in the practice's zone. What it counts as follows from
the request alone, so a decision moves it between columns and undoing the decision moves it back; the total stays.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from bookings.domain.reporting.quality_flags import QualityFlag, quality_flags
from bookings.domain.reporting.time_to_decision import BUCKETS, bucket
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import RejectionReason, Request, Resolution, Status

Familiarity = Literal["new", "existing", ""]
"""Whether patients say that they are new to the practice; empty where they did not say."""

COLUMNS = frozenset(
    {
        "received",
        *(f"status_{one}" for one in Status),
        *(f"resolution_{one}" for one in Resolution),
        *(f"appointment_{one}" for one in AppointmentStatus),
        *(f"reason_{one}" for one in RejectionReason),
        *(f"guardrail_{one}" for one in QualityFlag),
        *(f"{clock}_{one}" for clock in ("decided", "decided_open") for one in (*BUCKETS, "longer")),
    }
)
"""Everything that a request can count as."""

AGES = {"under_1_day": 1, "under_2_days": 2, "under_7_days": 7}
"""Upper bounds of how long a request has waited, in days, not included; what waits longer is `longer`."""


class Cohort(NamedTuple):
    """The requests that are counted together: everything about them that no decision can change.

    An empty id stands for anyone, any chair, any service. Weekday (ISO 8601: 1 is Monday) and hour are those of the
    requested start on the practice's clock.
    """

    day: date
    source: str
    practitioner_id: str
    service_id: str
    chair_id: str
    weekday: int
    hour: int
    patient: Familiarity


class Tally(NamedTuple):
    """The counters of one cohort."""

    cohort: Cohort
    counts: Mapping[str, int]


def cohort(request: Request) -> Cohort:
    """Where the request is counted."""
    wanted = request.requested
    return Cohort(
        day=request.received_at.astimezone(wanted.zone).date(),
        source=request.source,
        practitioner_id=wanted.practitioner_id or "",
        service_id=wanted.service_id or "",
        chair_id=wanted.chair_id or "",
        weekday=wanted.start.isoweekday(),
        hour=wanted.start.hour,
        patient="" if request.new_patient is None else "new" if request.new_patient else "existing",
    )


def age_column(received: date, today: date) -> str:
    """How long a request waits that was received that day, in whole days."""
    return next((name for name, bound in AGES.items() if (today - received).days < bound), "longer")


def columns_of(request: Request) -> Counter[str]:
    """What the request counts as, now."""
    counted = Counter({"received": 1, f"status_{request.status}": 1})
    decision = request.decision
    if request.resolution:
        counted[f"resolution_{request.resolution}"] = 1
    if request.appointment_status:
        counted[f"appointment_{request.appointment_status}"] = 1
    if decision and decision.reason:
        counted[f"reason_{decision.reason}"] = 1
    if decision and request.status in (Status.ACCEPTED, Status.REJECTED):
        counted[f"decided_{bucket((decision.at - request.received_at).total_seconds() / 60)}"] = 1
        if decision.open_minutes is not None:
            counted[f"decided_open_{bucket(decision.open_minutes)}"] = 1
    counted.update(f"guardrail_{one}" for one in quality_flags(request))
    return counted


def tally_delta(before: Request | None, after: Request) -> dict[str, int]:
    """By how much each counter of the cohort moves when a request changes."""
    delta = columns_of(after)
    delta.subtract(columns_of(before) if before else Counter())
    return {column: step for column, step in delta.items() if step}
