"""Drill-down: from a figure of the report to the list query for exactly the requests that it counts."""

from datetime import date
from urllib.parse import urlencode

from bookings.domain.reporting.quality_flags import QualityFlag
from bookings.domain.reporting.tally import AGES
from bookings.domain.reporting.time_to_decision import BUCKETS
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import RejectionReason, Resolution, Status

_DURATIONS = (*BUCKETS, "longer")

COUNTED_AS = {
    **{status.value: f"status={status}" for status in Status},
    **{f"resolutions.{resolution}": f"status=accepted&counted_as=resolution_{resolution}" for resolution in Resolution},
    **{f"rejection_reasons.{reason}": f"status=rejected&counted_as=reason_{reason}" for reason in RejectionReason},
    **{f"appointments.{status}": f"counted_as=appointment_{status}" for status in AppointmentStatus},
    **{f"guardrails.{flag}": f"status=accepted&counted_as=guardrail_{flag}" for flag in QualityFlag},
    **{f"pending_by_age.{age}": f"status=pending&pending_age={age}" for age in (*AGES, "longer")},
    **{f"time_to_decision.clock.buckets.{duration}": f"counted_as=decided_{duration}" for duration in _DURATIONS},
    **{
        f"time_to_decision.opening_hours.buckets.{duration}": f"counted_as=decided_open_{duration}"
        for duration in _DURATIONS
    },
}
"""The query parameters for each figure. Added to a group's list, they select the requests that the figure counts."""


def list_query(practice_id: str, days: tuple[date, date], **group: str) -> str:
    """The path and query of the request list for these days of receipt, both included, and this group."""
    first, last = days
    query = {"order": "received", "from": first.isoformat(), "to": last.isoformat(), **group}
    return f"/v1/practices/{practice_id}/requests?{urlencode(query)}"
