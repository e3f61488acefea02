"""What a letter leaves in logs and metrics: its id, what was done about it, and a code. Never an address or a name."""

from bookings.domain.outbox.email import Outcome, Step
from bookings.observability import count, logger

_METRICS = {
    Step.SENT: "MailSent",
    Step.FAILED: "MailFailed",
    Step.UNKNOWN: "MailUnknown",
    Step.UNHEARD: "MailUnheard",
    Step.PARKED: "MailParked",
}
_WORTH_A_LOOK = {Step.FAILED, Step.UNKNOWN, Step.UNHEARD, Step.PARKED, Step.POSTPONED, Step.CRASHED}


def note(outcome: Outcome) -> None:
    """Log the outcome under the correlation id of the call that the letter comes from, and count it."""
    if outcome.correlation_id:
        logger.set_correlation_id(outcome.correlation_id)
    log = logger.warning if outcome.step in _WORTH_A_LOOK else logger.info
    log("letter", outbox_id=outcome.outbox_id, step=outcome.step.value, code=outcome.code)
    if outcome.step in _METRICS:
        count(_METRICS[outcome.step])
