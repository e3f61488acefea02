"""What the front desk sees of a letter before it decides."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bookings.domain.decisions.email_preview import PreviewedDecision, preview_email
from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.email_delivery import Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.use_cases.optimistic_transaction import get_practice, get_request
from bookings.use_cases.ports import BookingStore, PracticeRepository

Read = TypeVar("Read")


def preview_email_for(
    practices: PracticeRepository,
    bookings: BookingStore,
    practice_id: str,
    request_id: str,
    supposed: PreviewedDecision,
    stamp: Stamp,
    write: Callable[[Email, Request, Practice, datetime], Read],
) -> Read:
    """The letter that this decision would bring, as `write` puts it. One round trip.

    Raises Invalid where no letter would go out: a confirmation of a time that has passed.
    """
    practice = get_practice(practices, practice_id)
    request = get_request(bookings.load(practice.id, request_id=request_id))
    planned, after = preview_email(practice, request, supposed, stamp)
    try:
        return write(planned, after, practice, stamp.at)
    except Undeliverable:
        raise Invalid.field("start", "must be in the future") from None
