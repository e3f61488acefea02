"""Save the next state of an e-mail, together with what it changes on its request."""

from datetime import datetime

from bookings.domain.change_set import StaleSnapshot
from bookings.domain.decisions.follow_email import follow_email
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.email import Email
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS
from bookings.use_cases.ports import BookingStore, EmailRepository


def advance_email(emails: EmailRepository, bookings: BookingStore, before: Email, after: Email, now: datetime) -> bool:
    """Write the next state; False if the e-mail is no longer in the state that was read. Raises Unavailable.

    A request that changes at the same time is read again, because the e-mail's fate has to be recorded in any case.
    """
    for _ in range(MAX_ATTEMPTS):
        request_id = after.request_id
        request = bookings.load(after.practice_id, request_id=request_id).request if request_id else None
        try:
            return emails.advance(before, after, follow_email(request, after, now))
        except StaleSnapshot:
            continue
    raise Unavailable
