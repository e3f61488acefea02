"""Flag an acceptance whose appointment the PMS has not reported in time."""

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.kernel.errors import MoveNotAllowed
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.reporting.quality_flags import evidence_due
from bookings.domain.requests.request import Request, allowed_moves


def flag_missing_evidence(request: Request, stamp: Stamp) -> ChangeSet:
    """Mark the PMS evidence as missing. Raises MoveNotAllowed if none is awaited, or before its deadline."""
    due = evidence_due(request)
    if due is None or due > stamp.at:
        raise MoveNotAllowed(
            "No PMS evidence is missing for this request.",
            request_status=request.status,
            allowed_moves=sorted(allowed_moves(request)),
        )
    return ChangeSet(stamp=stamp, action="evidence_missing", request=revise(request, pms_evidence="missing"))
