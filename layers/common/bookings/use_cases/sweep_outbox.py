"""Sweep the outbox: send e-mails that are due, and mark abandoned ones as `unknown`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bookings.domain.outbox.email import EmailOutcome, EmailStep
from bookings.domain.outbox.email_delivery import mark_unknown
from bookings.use_cases.due_batches import MAX_SWEEP_BATCH, due_batches
from bookings.use_cases.send_email import EmailSender, save_outcome, send_email


@dataclass(frozen=True)
class OutboxSweep:
    """How many e-mails were due, and what the sweep did about them."""

    due: int
    outcomes: tuple[EmailOutcome, ...]


def sweep_outbox(sender: EmailSender, now: datetime, has_time: Callable[[], bool]) -> OutboxSweep:
    """Send e-mails that the stream missed or that were postponed, and mark abandoned ones as `unknown`.

    E-mails to patients come first. If the SES account cannot send, only the first e-mail is tried. The others stay due,
    are counted and cause an alarm. If SES sends too slowly for all of them, only those to patients are tried.
    """
    count = 0
    outcomes: list[EmailOutcome] = []
    steps: set[EmailStep] = set()
    for batch in due_batches(lambda: sender.emails.due(now, MAX_SWEEP_BATCH), has_time):
        count += len(batch)
        for outbox_id in batch:
            if not has_time():
                break
            try:
                outcome = _sweep_one(sender, outbox_id, now, steps)
            except Exception as error:  # noqa: BLE001  # an error with one e-mail must not stop the others
                outcome = EmailOutcome(outbox_id, EmailStep.CRASHED, type(error).__name__)
            outcomes.append(outcome)
            steps.add(outcome.step)
    return OutboxSweep(count, tuple(outcomes))


def _sweep_one(sender: EmailSender, outbox_id: str, now: datetime, steps: Collection[EmailStep]) -> EmailOutcome:
    """Handle one e-mail, after these steps of others."""
    email = sender.emails.get(outbox_id)
    if email and email.is_abandoned(now):
        return save_outcome(sender, email, mark_unknown(email, "sender_died", now), EmailStep.UNKNOWN, now)
    if email and email.is_unreported(now):
        return save_outcome(sender, email, email.model_copy(update={"unheard": True}), EmailStep.UNREPORTED, now)
    must_wait = EmailStep.THROTTLED in steps and email is not None and email.is_to_staff
    if must_wait or EmailStep.PARKED in steps:
        return EmailOutcome(outbox_id, EmailStep.SKIPPED)
    return send_email(sender, outbox_id, now)
