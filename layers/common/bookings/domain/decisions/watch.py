"""Watch a request until the PMS reports its appointment; dismiss the attention of a request."""

from datetime import timedelta

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.decisions.checks import check_has_email_address
from bookings.domain.decisions.commands import Watching
from bookings.domain.kernel.errors import MoveNotAllowed
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.requests.request import MOVES, Request, Watch

RECHECK_DELAY = timedelta(minutes=2)
"""Delay before a new watch is checked again, for events that were already being processed when it was set.

By then such a batch has ended (`auto_link.INGEST_WINDOW`), and the indexes, which lag by about a second, are current.
"""


def watch(request: Request, watching: Watching, stamp: Stamp) -> ChangeSet:
    """Set a watch: the request waits until the PMS reports its appointment. Any decision ends the watch."""
    if watching.notify:
        check_has_email_address(request)
    edit = revise(
        request,
        watch=Watch(by=stamp.by, at=stamp.at, notify=watching.notify),
        look_again_at=stamp.at + RECHECK_DELAY,
        attention=None,
    )
    return ChangeSet(stamp=stamp, action="watch", request=edit)


def dismiss(request: Request, stamp: Stamp) -> ChangeSet:
    """Clear the attention after the front desk has dealt with it. Raises MoveNotAllowed without one."""
    if request.attention is None:
        raise MoveNotAllowed(
            "This request has no attention that could be dismissed.",
            request_status=request.status,
            allowed_moves=sorted(MOVES[request.status]),
        )
    return ChangeSet(stamp=stamp, action="dismiss", request=revise(request, attention=None))
