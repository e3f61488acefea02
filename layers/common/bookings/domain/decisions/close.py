"""Close a request without an appointment: rejected, withdrawn or expired."""

from bookings.domain.change_set import ChangeSet
from bookings.domain.decisions.commands import Rejection
from bookings.domain.decisions.decision_change_set import decide, new_decision
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import EmailKind
from bookings.domain.requests.request import Move, Request


def reject(request: Request, rejection: Rejection, stamp: Stamp) -> ChangeSet:
    """Close the request because the front desk rejects it."""
    decision = new_decision(Move.REJECT, stamp, notify=rejection.notify, reason=rejection.reason, note=rejection.note)
    return decide(request, decision, stamp, EmailKind.REJECTION if rejection.notify else None)


def withdraw(request: Request, stamp: Stamp) -> ChangeSet:
    """Close the request because the patient withdraws it."""
    return decide(request, new_decision(Move.WITHDRAW, stamp), stamp, None)


def expire(request: Request, stamp: Stamp) -> ChangeSet:
    """Close the request because its requested start has passed. Nobody gets an e-mail."""
    return decide(request, new_decision(Move.EXPIRE, stamp), stamp, None)
