"""What the front desk sees of a letter before it decides."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bookings.domain.change_set import Stamp
from bookings.domain.decisions.email_preview import Supposed, foreseen
from bookings.domain.kernel.errors import Invalid
from bookings.domain.outbox.email import Letter
from bookings.domain.outbox.email_delivery import Unmailable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.use_cases.optimistic_transaction import practice_of, request_of
from bookings.use_cases.ports import Bookings, Practices

Read = TypeVar("Read")


def letter(
    practices: Practices,
    bookings: Bookings,
    practice_id: str,
    request_id: str,
    supposed: Supposed,
    stamp: Stamp,
    write: Callable[[Letter, Request, Practice, datetime], Read],
) -> Read:
    """The letter that this decision would bring, as `write` puts it. One round trip.

    Raises Invalid where no letter would go out: a confirmation of a time that has passed.
    """
    practice = practice_of(practices, practice_id)
    request = request_of(bookings.see(practice.id, request_id=request_id))
    planned, after = foreseen(practice, request, supposed, stamp)
    try:
        return write(planned, after, practice, stamp.at)
    except Unmailable:
        raise Invalid.field("start", "must be in the future") from None
