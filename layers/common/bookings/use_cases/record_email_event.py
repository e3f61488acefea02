"""Record an SES event about an e-mail that was sent."""

from datetime import datetime

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.email import EmailOutcome, EmailStep
from bookings.domain.outbox.email_delivery import (
    DeliveryEvent,
    after_delivery_event,
)
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS
from bookings.use_cases.ports import BookingStore, EmailRepository
from bookings.use_cases.save_email import advance_email


def record_email_event(
    emails: EmailRepository,
    bookings: BookingStore,
    outbox_id: str,
    event: DeliveryEvent,
    message_id: str,
    now: datetime,
) -> EmailOutcome:
    """Apply a delivery event to its e-mail. Only such an event resolves the status `unknown`."""
    for _ in range(MAX_ATTEMPTS):
        email = emails.get(outbox_id)
        after = after_delivery_event(email, event, message_id) if email else None
        if email is None or after is None:
            return EmailOutcome(outbox_id, EmailStep.SKIPPED)
        if advance_email(emails, bookings, email, after, now):
            return EmailOutcome(outbox_id, EmailStep(after.status), after.failure, after.correlation_id)
    raise Unavailable
