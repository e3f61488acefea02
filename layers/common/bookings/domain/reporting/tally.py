"""Tallies: the counters of each cohort, the columns of a request, and the delta of a change.

A request is counted in one cohort, which never changes. Its columns depend only on its current state. So a decision
moves the request between columns, undoing the decision moves it back, and the total never changes.
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
"""Whether the patient is new to the practice, by their own answer; empty without an answer."""

COLUMNS = frozenset(
    {
        "received",
        *(f"status_{status}" for status in Status),
        *(f"resolution_{resolution}" for resolution in Resolution),
        *(f"appointment_{status}" for status in AppointmentStatus),
        *(f"reason_{reason}" for reason in RejectionReason),
        *(f"guardrail_{flag}" for flag in QualityFlag),
        *(f"{measure}_{duration}" for measure in ("decided", "decided_open") for duration in (*BUCKETS, "longer")),
    }
)
"""All columns that a request can count in."""

AGES = {"under_1_day": 1, "under_2_days": 2, "under_7_days": 7}
"""Upper bounds of the age of a pending request, in days, not included; an older one is `longer`."""


class Cohort(NamedTuple):
    """The requests that are counted together. No decision can change any of the fields.

    - `day` is the day of receipt in the practice's time zone.
    - An empty id stands for any practitioner, any service or any chair.
    - Weekday (ISO 8601: 1 is Monday) and hour are those of the requested start in the practice's time zone.
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
    """The cohort in which the request is counted."""
    requested = request.requested
    return Cohort(
        day=request.received_at.astimezone(requested.zone).date(),
        source=request.source,
        practitioner_id=requested.practitioner_id or "",
        service_id=requested.service_id or "",
        chair_id=requested.chair_id or "",
        weekday=requested.start.isoweekday(),
        hour=requested.start.hour,
        patient="" if request.new_patient is None else "new" if request.new_patient else "existing",
    )


def age_column(received: date, today: date) -> str:
    """The column of AGES for a request received that day; ages are in whole days."""
    return next((column for column, bound in AGES.items() if (today - received).days < bound), "longer")


def columns_of(request: Request) -> Counter[str]:
    """The columns that the request counts in, in its current state."""
    columns = Counter({"received": 1, f"status_{request.status}": 1})
    decision = request.decision
    if request.resolution:
        columns[f"resolution_{request.resolution}"] = 1
    if request.appointment_status:
        columns[f"appointment_{request.appointment_status}"] = 1
    if decision and decision.reason:
        columns[f"reason_{decision.reason}"] = 1
    if decision and request.status in (Status.ACCEPTED, Status.REJECTED):
        columns[f"decided_{bucket((decision.at - request.received_at).total_seconds() / 60)}"] = 1
        if decision.open_minutes is not None:
            columns[f"decided_open_{bucket(decision.open_minutes)}"] = 1
    columns.update(f"guardrail_{flag}" for flag in quality_flags(request))
    return columns


def tally_delta(before: Request | None, after: Request) -> dict[str, int]:
    """By how much each column of the cohort changes with the request; unchanged columns are left out."""
    delta = columns_of(after)
    delta.subtract(columns_of(before) if before else Counter())
    return {column: step for column, step in delta.items() if step}
