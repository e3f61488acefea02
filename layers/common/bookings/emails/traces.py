"""What a letter leaves in logs and metrics: its id, what was done about it, and a code. Never an address or a name."""

from bookings.domain.outbox.email import EmailOutcome, EmailStep
from bookings.observability import count_metric, logger

_METRICS = {
    EmailStep.SENT: "MailSent",
    EmailStep.FAILED: "MailFailed",
    EmailStep.UNKNOWN: "MailUnknown",
    EmailStep.UNREPORTED: "MailUnheard",
    EmailStep.PARKED: "MailParked",
}
_WORTH_A_LOOK = {
    EmailStep.FAILED,
    EmailStep.UNKNOWN,
    EmailStep.UNREPORTED,
    EmailStep.PARKED,
    EmailStep.POSTPONED,
    EmailStep.CRASHED,
}


def log_email_outcome(outcome: EmailOutcome) -> None:
    """Log the outcome under the correlation id of the call that the letter comes from, and count it."""
    if outcome.correlation_id:
        logger.set_correlation_id(outcome.correlation_id)
    log = logger.warning if outcome.step in _WORTH_A_LOOK else logger.info
    log("letter", outbox_id=outcome.outbox_id, step=outcome.step.value, code=outcome.code)
    if outcome.step in _METRICS:
        count_metric(_METRICS[outcome.step])
