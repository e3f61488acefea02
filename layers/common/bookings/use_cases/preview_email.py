"""Preview the e-mail that a decision would send."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bookings.domain.decisions.email_preview import PreviewedDecision, email_for_decision
from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.email_delivery import Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.use_cases.optimistic_transaction import get_practice, get_request
from bookings.use_cases.ports import BookingStore, PracticeRepository

_Preview = TypeVar("_Preview")


def preview_email(
    practices: PracticeRepository,
    bookings: BookingStore,
    practice_id: str,
    request_id: str,
    decision: PreviewedDecision,
    stamp: Stamp,
    render: Callable[[Email, Request, Practice, datetime], _Preview],
) -> _Preview:
    """The e-mail that this decision would send, rendered by `render`. Takes one round trip.

    Raises Invalid if none would be sent, because the time of the confirmation has passed.
    """
    practice = get_practice(practices, practice_id)
    request = get_request(bookings.load(practice.id, request_id=request_id))
    email, decided_request = email_for_decision(practice, request, decision, stamp)
    try:
        return render(email, decided_request, practice, stamp.at)
    except Undeliverable:
        raise Invalid.field("start", "must be in the future") from None
