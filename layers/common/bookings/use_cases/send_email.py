"""Send an e-mail from the outbox, once, unless a newer decision has superseded it."""

from dataclasses import dataclass
from datetime import datetime

from bookings.domain.kernel.ids import new_id
from bookings.domain.outbox.email import Email, EmailKind, EmailOutcome, EmailStatus, EmailStep, is_superseded
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
from bookings.domain.requests.request import Request, Status
from bookings.use_cases.ports import (
    BookingStore,
    EmailRepository,
    EmailTransport,
    PracticeRepository,
    RenderPatientEmail,
    RenderStaffEmail,
)


@dataclass(frozen=True)
class EmailSender:
    """The stores, renderers and transport that sending needs."""

    emails: EmailRepository
    bookings: BookingStore
    practices: PracticeRepository
    render_patient_email: RenderPatientEmail
    render_staff_email: RenderStaffEmail
    transport: EmailTransport


def send_email(sender: EmailSender, outbox_id: str, now: datetime) -> EmailOutcome:
    """Claim and send the e-mail. It is sent once, also if several functions call this at the same time."""
    email = sender.emails.get(outbox_id)
    if email is None or not email.is_ready_to_send(now):
        return EmailOutcome(outbox_id, EmailStep.SKIPPED)
    claimed = claim_email(email, new_id("try", now), now)
    if not sender.emails.advance(email, claimed):
        return EmailOutcome(outbox_id, EmailStep.SKIPPED)
    after, step = _send_claimed(sender, claimed, now)
    return save_outcome(sender.emails, claimed, after, step)


def _send_claimed(sender: EmailSender, email: Email, now: datetime) -> tuple[Email, EmailStep]:
    """Render and send the claimed e-mail. An error before the call of SES is transient: the e-mail is postponed."""
    try:
        prepared = _prepare(sender, email, now)
    except Undeliverable as error:
        return finish_email(email, EmailStatus.FAILED, failure=error.code), EmailStep.FAILED
    except Exception as error:  # noqa: BLE001  # only the type is stored: the text may contain personal data
        after = postpone_email(email, type(error).__name__, now)
        return after, _step(after)
    if isinstance(prepared, Email):
        return prepared, _step(prepared)
    answer = sender.transport.send(prepared, email.outbox_id)
    after = after_send(email, answer, now)
    is_parked = isinstance(answer, SendRefused) and answer.fault is SendFault.ACCOUNT
    return after, EmailStep.PARKED if is_parked else _step(after)


def _prepare(sender: EmailSender, email: Email, now: datetime) -> MimeEmail | Email:
    """The message to send, or the e-mail's next state if it must not be sent now; raises Undeliverable.

    The request is read after the claim, so that its newest decision counts.
    """
    practice = sender.practices.get(email.practice_id)
    if email.request_id is None:
        return sender.render_staff_email(email, practice, now)
    request = sender.bookings.load(email.practice_id, request_id=email.request_id).request
    if request is None or practice is None:
        raise Undeliverable("request_gone")
    if email.kind is EmailKind.CANCELLATION:
        stopped = _stop_cancellation(sender.emails, email, request, now)
        if stopped:
            return stopped
    elif is_superseded(email, request):
        return finish_email(email, EmailStatus.SUPERSEDED)
    return sender.render_patient_email(email, request, practice, now)


def _stop_cancellation(emails: EmailRepository, email: Email, request: Request, now: datetime) -> Email | None:
    """The next state of a cancellation that must not be sent now; None if it must be sent.

    Cancel only where a void confirmation may have arrived and nothing newer was sent. A cancellation is superseded if
    the patient is expected at the same time again, or if a newer confirmation or cancellation was sent.
    """
    superseded = finish_email(email, EmailStatus.SUPERSEDED)
    waiting = park_email(email, "confirmation_under_way", now)
    cancelled = emails.get(email.cancels) if email.cancels else None
    if cancelled and cancelled.status is EmailStatus.SENDING:
        return waiting
    if cancelled is None or not cancelled.may_have_arrived:
        return superseded
    if not is_superseded(email, request):
        return None
    newest = emails.get(request.outbox_id) if request.outbox_id else None
    if request.status is not Status.ACCEPTED:
        newer = emails.get(newest.cancels) if newest and newest.cancels else None
        return superseded if newer and newer.was_sent else None
    if (newest and newest.is_in_progress) or (request.awaits_confirmation and request.pms_write == "queued"):
        return waiting
    # Only the time counts. A patient with a confirmation comes at that time, whatever the chair.
    is_same_time = email.taken_back is not None and email.taken_back.begins == request.expected_at
    return superseded if is_same_time or (newest and newest.was_sent) else None


def save_outcome(emails: EmailRepository, before: Email, after: Email, step: EmailStep) -> EmailOutcome:
    """Store the e-mail's next state. If it was changed since, an SES event was faster and its state stays."""
    if not emails.advance(before, after):
        step = EmailStep.SKIPPED
    return EmailOutcome(after.outbox_id, step, after.failure, after.correlation_id)


def _step(email: Email) -> EmailStep:
    return EmailStep.POSTPONED if email.status is EmailStatus.PENDING else EmailStep(email.status)
