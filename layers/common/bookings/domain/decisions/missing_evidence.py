"""Acceptances for which the PMS has reported no appointment in time."""

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.kernel.errors import MoveNotAllowed
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.reporting.quality_flags import evidence_due
from bookings.domain.requests.request import MOVES, Request


def flag_missing_evidence(request: Request, stamp: Stamp) -> ChangeSet:
    """The change that notes that the PMS has not spoken in time; MoveNotAllowed if it has, or still may."""
    due = evidence_due(request)
    if due is None or due > stamp.at:
        raise MoveNotAllowed(
            "Nothing is missing.", request_status=request.status, allowed_moves=sorted(MOVES[request.status])
        )
    return ChangeSet(stamp=stamp, action="evidence_missing", request=revise(request, pms_evidence="missing"))
