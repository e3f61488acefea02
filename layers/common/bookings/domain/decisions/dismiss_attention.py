"""Dismiss what asked for the front desk's attention."""

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.kernel.errors import MoveNotAllowed
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.requests.request import Request, allowed_moves


def dismiss(request: Request, stamp: Stamp) -> ChangeSet:
    """Take away the attention that was shown, the most urgent one. Raises MoveNotAllowed without one."""
    if request.attention is None:
        raise MoveNotAllowed(
            "This request has no attention that could be dismissed.",
            request_status=request.status,
            allowed_moves=sorted(allowed_moves(request)),
        )
    return ChangeSet(stamp=stamp, action="dismiss", request=revise(request, attentions=request.attentions[1:]))
