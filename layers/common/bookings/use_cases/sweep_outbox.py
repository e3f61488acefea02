"""Send what the stream missed or a fault postponed, and mark what was abandoned."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bookings.domain.outbox.email import EmailOutcome, EmailStep, mark_unknown
from bookings.use_cases.due_batches import MAX_SWEEP_BATCH, due_batches
from bookings.use_cases.send_email import EmailSender, save_outcome, send_email


@dataclass(frozen=True)
class OutboxSweep:
    """What a sweep found overdue, and what it did about it."""

    due: int
    outcomes: tuple[EmailOutcome, ...]


def sweep_outbox(sender: EmailSender, now: datetime, has_time: Callable[[], bool]) -> OutboxSweep:
    """Send what the stream missed or a fault put back, and own up to what was abandoned on its way.

    While the account cannot send, the first letter finds out and the others wait: due, and so counted and alarmed.
    """
    found = 0
    outcomes: list[EmailOutcome] = []
    can_send = True
    for due in due_batches(lambda: sender.emails.due(now, MAX_SWEEP_BATCH), has_time):
        found += len(due)
        for outbox_id in due:
            if not has_time():
                break
            try:
                outcome = _sweep_one(sender, outbox_id, now, can_send=can_send)
            except Exception as error:  # noqa: BLE001  # one letter must not hold up the others
                outcome = EmailOutcome(outbox_id, EmailStep.CRASHED, type(error).__name__)
            outcomes.append(outcome)
            can_send = can_send and outcome.step is not EmailStep.PARKED
    return OutboxSweep(found, tuple(outcomes))


def _sweep_one(sender: EmailSender, outbox_id: str, now: datetime, *, can_send: bool) -> EmailOutcome:
    email = sender.emails.get(outbox_id)
    if email and email.is_abandoned(now):
        return save_outcome(sender.emails, email, mark_unknown(email, "sender_died", now), EmailStep.UNKNOWN)
    if email and email.is_unreported(now):
        return save_outcome(sender.emails, email, email.model_copy(update={"unheard": True}), EmailStep.UNREPORTED)
    return send_email(sender, outbox_id, now) if can_send else EmailOutcome(outbox_id, EmailStep.LEFT)
