"""Watch a request for its appointment, or dismiss its attention."""

from datetime import timedelta

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.decisions.checks import (
    check_has_email_address,
)
from bookings.domain.decisions.commands import Watching
from bookings.domain.kernel.errors import (
    MoveNotAllowed,
)
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.requests.request import MOVES, Request, Watch

RECHECK_DELAY = timedelta(minutes=2)
"""How long after a watch is set it is looked whether an event came too close to it. By then a batch that was in hand is
done, and the indexes of watches and of appointments, which follow within a second or so, have long followed."""


def watch(request: Request, watching: Watching, stamp: Stamp) -> ChangeSet:
    """The change by which the request waits for the PMS to bring its appointment; a decision ends the wait."""
    if watching.notify:
        check_has_email_address(request)
    waits = revise(
        request,
        watch=Watch(by=stamp.by, at=stamp.at, notify=watching.notify),
        look_again_at=stamp.at + RECHECK_DELAY,
        attention=None,
    )
    return ChangeSet(stamp=stamp, action="watch", request=waits)


def dismiss(request: Request, stamp: Stamp) -> ChangeSet:
    """The change by which the front desk has seen what asked for its attention; nothing else of the request moves."""
    if request.attention is None:
        raise MoveNotAllowed(
            "Nothing about this request asks for attention.",
            request_status=request.status,
            allowed_moves=sorted(MOVES[request.status]),
        )
    return ChangeSet(stamp=stamp, action="dismiss", request=revise(request, attention=None))
