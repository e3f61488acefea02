"""Watch a request until the PMS reports its appointment."""

from datetime import timedelta

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.decisions.checks import check_can_notify
from bookings.domain.decisions.commands import Watching
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.requests.request import Request, Watch

RECHECK_DELAY = timedelta(minutes=2)
"""Delay before a new watch is checked again, for events that were already being processed when it was set.

By then such a batch has ended (`auto_link.INGEST_WINDOW`), and the indexes, which lag by about a second, are current.
"""


def watch(request: Request, watching: Watching, stamp: Stamp) -> ChangeSet:
    """Set a watch: the request waits until the PMS reports its appointment. Any decision ends the watch."""
    if watching.notify:
        check_can_notify(request)
    edit = revise(
        request,
        watch=Watch(by=stamp.by, at=stamp.at, notify=watching.notify),
        look_again_at=stamp.at + RECHECK_DELAY,
        attentions=(),
    )
    return ChangeSet(stamp=stamp, action="watch", request=edit)
