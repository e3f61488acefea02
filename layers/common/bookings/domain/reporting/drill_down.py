"""From a figure to the requests behind it: the query of the list that holds exactly those."""

from datetime import date
from urllib.parse import urlencode

from bookings.domain.reporting.quality_flags import QualityFlag
from bookings.domain.reporting.tally import AGES
from bookings.domain.reporting.time_to_decision import BUCKETS
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import RejectionReason, Resolution, Status

_WAITS = (*BUCKETS, "longer")

COUNTED_AS = {
    **{status.value: f"status={status}" for status in Status},
    **{f"resolutions.{one}": f"status=accepted&counted_as=resolution_{one}" for one in Resolution},
    **{f"rejection_reasons.{one}": f"status=rejected&counted_as=reason_{one}" for one in RejectionReason},
    **{f"appointments.{one}": f"counted_as=appointment_{one}" for one in AppointmentStatus},
    **{f"guardrails.{one}": f"status=accepted&counted_as=guardrail_{one}" for one in QualityFlag},
    **{f"pending_by_age.{one}": f"status=pending&pending_age={one}" for one in (*AGES, "longer")},
    **{f"time_to_decision.clock.buckets.{one}": f"counted_as=decided_{one}" for one in _WAITS},
    **{f"time_to_decision.opening_hours.buckets.{one}": f"counted_as=decided_open_{one}" for one in _WAITS},
}
"""By figure, the parameters that narrow a group's list to the requests that the figure counts."""


def list_query(practice_id: str, days: tuple[date, date], **group: str) -> str:
    """The list of the requests received on these days, both included, that belong to the group."""
    first, last = days
    query = {"order": "received", "from": first.isoformat(), "to": last.isoformat(), **group}
    return f"/v1/practices/{practice_id}/requests?{urlencode(query)}"
