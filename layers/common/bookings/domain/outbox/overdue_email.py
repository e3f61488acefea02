"""Requests that wait for a decision, and the letter about those that wait too long."""

from collections.abc import Sequence
from typing import NamedTuple

from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import EMAIL_SWEEP_DELAY, Email, EmailKind, OverdueRequests
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request


class RequestKey(NamedTuple):
    """Where a request is found."""

    practice_id: str
    request_id: str


def overdue_email(practice: Practice, requests: Sequence[Request], stamp: Stamp) -> Email | None:
    """What the front desk is told of these requests; None if the practice has named nobody to tell."""
    if not (practice.front_desk_recipients or practice.report_recipients):
        return None
    waiting = sorted((one.requested.start, one.received_at) for one in requests)
    return Email(
        outbox_id=new_id("mail", stamp.at),
        practice_id=practice.id,
        kind=EmailKind.OVERDUE,
        overdue=OverdueRequests(target_minutes=practice.decision_target_minutes or 0, waiting=tuple(waiting)),
        correlation_id=stamp.correlation_id,
        due_at=stamp.at + EMAIL_SWEEP_DELAY,
    )
