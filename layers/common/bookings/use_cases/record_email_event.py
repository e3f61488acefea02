"""Record an SES event about an e-mail that was sent."""

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.email import EmailOutcome, EmailStep
from bookings.domain.outbox.email_delivery import (
    DeliveryEvent,
    after_delivery_event,
)
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS
from bookings.use_cases.ports import EmailRepository


def record_email_event(emails: EmailRepository, outbox_id: str, event: DeliveryEvent, message_id: str) -> EmailOutcome:
    """Apply a delivery event to its e-mail. Only such an event resolves the status `unknown`."""
    for _ in range(MAX_ATTEMPTS):
        email = emails.get(outbox_id)
        after = after_delivery_event(email, event, message_id) if email else None
        if email is None or after is None:
            return EmailOutcome(outbox_id, EmailStep.SKIPPED)
        if emails.advance(email, after):
            return EmailOutcome(outbox_id, EmailStep(after.status), after.failure, after.correlation_id)
    raise Unavailable
