"""Record what SES reports about a message."""

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.email import EmailOutcome, EmailStep
from bookings.domain.outbox.email_delivery import (
    DeliveryEvent,
    after_delivery_event,
)
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS
from bookings.use_cases.ports import EmailRepository


def record_email_event(emails: EmailRepository, outbox_id: str, event: DeliveryEvent, message_id: str) -> EmailOutcome:
    """Take in what the carrier reports: this, and nothing else, settles a letter that is `unknown`."""
    for _ in range(MAX_ATTEMPTS):
        email = emails.get(outbox_id)
        after = after_delivery_event(email, event, message_id) if email else None
        if email is None or after is None:
            return EmailOutcome(outbox_id, EmailStep.LEFT)
        if emails.advance(email, after):
            return EmailOutcome(outbox_id, EmailStep(after.status), after.failure, after.correlation_id)
    raise Unavailable
