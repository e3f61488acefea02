"""What becomes of the letters in the outbox: they are sent, swept up, and settled by what the carrier reports."""

from dataclasses import dataclass
from datetime import datetime

from bookings.domain.kernel.ids import new_id
from bookings.domain.outbox.email import (
    Email,
    EmailKind,
    EmailOutcome,
    EmailStatus,
    EmailStep,
    claim_email,
    finish_email,
    is_superseded,
    park_email,
    postpone_email,
)
from bookings.domain.outbox.email_delivery import (
    MimeEmail,
    SendFault,
    SendRefused,
    Undeliverable,
    after_send,
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
    """All that sending takes."""

    emails: EmailRepository
    bookings: BookingStore
    practices: PracticeRepository
    render_patient_email: RenderPatientEmail
    render_staff_email: RenderStaffEmail
    transport: EmailTransport


def send_email(sender: EmailSender, outbox_id: str, now: datetime) -> EmailOutcome:
    """Send the letter if it is nobody else's. However often and by whomever this is called, it goes out once."""
    email = sender.emails.get(outbox_id)
    if email is None or not email.is_ready_to_send(now):
        return EmailOutcome(outbox_id, EmailStep.LEFT)
    claimed = claim_email(email, new_id("try", now), now)
    if not sender.emails.advance(email, claimed):
        return EmailOutcome(outbox_id, EmailStep.LEFT)
    after, step = _carry_out(sender, claimed, now)
    return save_outcome(sender.emails, claimed, after, step)


def _carry_out(sender: EmailSender, email: Email, now: datetime) -> tuple[Email, EmailStep]:
    """Do what the claimed letter asks for; up to the carrier, every fault is one that may be tried again."""
    try:
        decided = _prepare(sender, email, now)
    except Undeliverable as never:
        return finish_email(email, EmailStatus.FAILED, failure=never.code), EmailStep.FAILED
    except Exception as error:  # noqa: BLE001  # its text may quote the patient; the type is enough to find it by
        after = postpone_email(email, type(error).__name__, now)
        return after, _step(after)
    if isinstance(decided, Email):
        return decided, _step(decided)
    answer = sender.transport.send(decided, email.outbox_id)
    after = after_send(email, answer, now)
    is_parked = isinstance(answer, SendRefused) and answer.fault is SendFault.ACCOUNT
    return after, EmailStep.PARKED if is_parked else _step(after)


def _prepare(sender: EmailSender, email: Email, now: datetime) -> MimeEmail | Email:
    """The envelope, or the letter's next state if it is not to go out now. The request is read after the claim."""
    practice = sender.practices.get(email.practice_id)
    if email.request_id is None:
        return sender.render_staff_email(email, practice, now)
    request = sender.bookings.load(email.practice_id, request_id=email.request_id).request
    if request is None or practice is None:
        raise Undeliverable("request_gone")
    if email.kind is EmailKind.CANCELLATION:
        held = _held_back(sender.emails, email, request, now)
        if held:
            return held
    elif is_superseded(email, request):
        return finish_email(email, EmailStatus.SUPERSEDED)
    return sender.render_patient_email(email, request, practice, now)


def _held_back(emails: EmailRepository, email: Email, request: Request, now: datetime) -> Email | None:
    """The cancellation's next state if it is not to go out; None if it is.

    It has to reach everybody who may hold a confirmation that is void, and nobody else. It is needless if the patient
    is expected at that very time again, or once newer word has gone out: a confirmation, or the cancellation of one.
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
    # The time alone counts: who holds a confirmation of it comes, whatever chair they will sit in.
    stands = email.taken_back is not None and email.taken_back.begins == request.expected_at
    return superseded if stands or (newest and newest.was_sent) else None


def save_outcome(emails: EmailRepository, before: Email, after: Email, step: EmailStep) -> EmailOutcome:
    """Write how far the letter has come. If that fails, the carrier's own report was faster and it is settled."""
    if not emails.advance(before, after):
        step = EmailStep.LEFT
    return EmailOutcome(after.outbox_id, step, after.failure, after.correlation_id)


def _step(email: Email) -> EmailStep:
    return EmailStep.POSTPONED if email.status is EmailStatus.PENDING else EmailStep(email.status)
