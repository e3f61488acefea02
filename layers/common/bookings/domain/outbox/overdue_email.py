"""The e-mail to the front desk about requests that have waited too long for a decision."""

from collections.abc import Sequence

from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import EMAIL_SWEEP_DELAY, Email, EmailKind, OverdueRequests
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request


def overdue_email(practice: Practice, requests: Sequence[Request], stamp: Stamp) -> Email | None:
    """The e-mail about these overdue requests; None if the practice has no recipients for it."""
    if not (practice.front_desk_recipients or practice.report_recipients):
        return None
    waiting = sorted((request.requested.start, request.received_at) for request in requests)
    return Email(
        outbox_id=new_id("mail", stamp.at),
        practice_id=practice.id,
        kind=EmailKind.OVERDUE,
        overdue=OverdueRequests(target_minutes=practice.decision_target_minutes or 0, waiting=tuple(waiting)),
        correlation_id=stamp.correlation_id,
        due_at=stamp.at + EMAIL_SWEEP_DELAY,
    )
