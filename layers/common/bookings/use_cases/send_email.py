"""Send an e-mail from the outbox, once, unless a newer decision has superseded it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bookings.domain.change_set import StaleSnapshot
from bookings.domain.decisions.follow_email import record_claim
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.kernel.ids import new_id
from bookings.domain.outbox.email import Email, EmailOutcome, EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import (
    MimeEmail,
    SendFault,
    SendRefused,
    Undeliverable,
    after_send,
    claim_email,
    finish_email,
    park_email,
    postpone_email,
)
from bookings.domain.requests.request import Request
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS
from bookings.use_cases.ports import (
    BookingStore,
    EmailRepository,
    EmailTransport,
    HeldEmailQueue,
    PracticeRepository,
    RenderPatientEmail,
    RenderStaffEmail,
)
from bookings.use_cases.save_email import advance_email
from bookings.use_cases.superseded_email import stop_superseded

_PARKED = {SendFault.ACCOUNT: EmailStep.PARKED, SendFault.THROTTLED: EmailStep.THROTTLED}


@dataclass(frozen=True)
class EmailSender:
    """The stores, renderers and transport that sending needs."""

    emails: EmailRepository
    bookings: BookingStore
    practices: PracticeRepository
    render_patient_email: RenderPatientEmail
    render_staff_email: RenderStaffEmail
    transport: EmailTransport
    has_time_to_send: Callable[[], bool] = field(default=lambda: True)


@dataclass(frozen=True)
class _Rendered:
    """A message to send, and the request that it was rendered from; None for an e-mail to staff."""

    message: MimeEmail
    request: Request | None


def send_or_hold_email(sender: EmailSender, queue: HeldEmailQueue, outbox_id: str, now: datetime) -> EmailOutcome:
    """Send the e-mail, or put it into the queue if it is still held. Raises Unavailable as `send_email` does."""
    outcome = send_email(sender, outbox_id, now)
    if outcome.held_until:
        queue.enqueue(outbox_id, outcome.correlation_id or "", outcome.held_until - now)
    return outcome


def send_email(sender: EmailSender, outbox_id: str, now: datetime) -> EmailOutcome:
    """Claim and send the e-mail. It is sent once, also if several functions call this at the same time.

    It is rendered before the claim, and the claim is conditional on the request that it was rendered from. So what it
    says is what the request says at the claim, and a decision is either before it or knows of it. An e-mail that is
    held stays as it is. Raises Unavailable if the request changes again and again, or if there is no time left to
    claim, send and mark it.
    """
    for _ in range(MAX_ATTEMPTS):
        email = sender.emails.get(outbox_id)
        if email and email.is_held(now):
            return EmailOutcome(outbox_id, EmailStep.HELD, None, email.correlation_id, email.held_until)
        if email is None or not email.is_ready_to_send(now):
            return EmailOutcome(outbox_id, EmailStep.SKIPPED)
        rendered = _render(sender, email, now)
        if isinstance(rendered, Email):
            return save_outcome(sender, email, rendered, _step(rendered), now)
        if not sender.has_time_to_send():
            raise Unavailable  # a sender that is stopped after the claim leaves the e-mail unknown
        claimed = _claim(email, rendered.request, now)
        change = record_claim(rendered.request, claimed, rendered.message.slot, now) if rendered.request else None
        try:
            if not sender.emails.advance(email, claimed, change):
                return EmailOutcome(outbox_id, EmailStep.SKIPPED)
        except StaleSnapshot:
            continue
        return _send_claimed(sender, claimed, rendered.message, now)
    raise Unavailable


def _claim(email: Email, request: Request | None, now: datetime) -> Email:
    return claim_email(email, new_id("try", now), now, request.last_notification if request else None)


def _send_claimed(sender: EmailSender, email: Email, message: MimeEmail, now: datetime) -> EmailOutcome:
    answer = sender.transport.send(message, email.outbox_id)
    after = after_send(email, answer, now)
    step = _PARKED.get(answer.fault) if isinstance(answer, SendRefused) else None
    return save_outcome(sender, email, after, step or _step(after), now)


def _render(sender: EmailSender, email: Email, now: datetime) -> _Rendered | Email:
    """The message to send, or the e-mail's next state if it must not be sent now.

    An error is transient: the e-mail is postponed. Only its type is stored, because the text may contain personal data.
    Where storage fails for a while, no attempt counts.
    """
    try:
        return _prepare(sender, email, now)
    except Undeliverable as error:
        return finish_email(email, EmailStatus.FAILED, failure=error.code)
    except Exception as error:  # noqa: BLE001  # the sweep tries it again
        put_back = park_email if isinstance(error, Unavailable) else postpone_email
        return put_back(claim_email(email, new_id("try", now), now), type(error).__name__, now)


def _prepare(sender: EmailSender, email: Email, now: datetime) -> _Rendered | Email:
    """The message to send, or the e-mail's next state if it must not be sent now; raises Undeliverable."""
    practice = sender.practices.get(email.practice_id)
    if email.request_id is None:
        return _Rendered(sender.render_staff_email(email, practice, now), None)
    request = sender.bookings.load(email.practice_id, request_id=email.request_id).request
    if request is None or practice is None:
        raise Undeliverable("request_gone")
    if stopped := stop_superseded(sender.emails, email, request, now):
        return stopped
    return _Rendered(sender.render_patient_email(email, request, practice, now), request)


def save_outcome(sender: EmailSender, before: Email, after: Email, step: EmailStep, now: datetime) -> EmailOutcome:
    """Store the e-mail's next state. If it was changed since, an SES event was faster and its state stays."""
    if not advance_email(sender.emails, sender.bookings, before, after, now):
        step = EmailStep.SKIPPED
    return EmailOutcome(after.outbox_id, step, after.failure, after.correlation_id)


def _step(email: Email) -> EmailStep:
    return EmailStep.POSTPONED if email.status is EmailStatus.PENDING else EmailStep(email.status)
