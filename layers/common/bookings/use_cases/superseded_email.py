"""Decide whether an e-mail must not be sent any more, or not yet, because of what has happened since it was queued."""

from datetime import datetime

from bookings.domain.kernel.ids import new_id
from bookings.domain.outbox.email import Email, EmailKind, EmailStatus, is_superseded
from bookings.domain.outbox.email_delivery import claim_email, finish_email, park_email
from bookings.domain.requests.request import Request, Status
from bookings.use_cases.ports import EmailRepository

_TAKE_BACK_NO_VISIT = ("rejection", "reopened")
"""Notifications that leave an earlier confirmation, and its calendar entry, as they are."""


def stop_superseded(emails: EmailRepository, email: Email, request: Request, now: datetime) -> Email | None:
    """The next state of an e-mail that must not be sent now; None if it must be sent."""
    match email.kind:
        case EmailKind.CANCELLATION | EmailKind.WRONG_APPOINTMENT:
            return _stop_cancellation(emails, email, request, now)
        case EmailKind.REOPENED:
            return _stop_reopened(emails, email, request, now)
        case _:
            return finish_email(email, EmailStatus.SUPERSEDED) if is_superseded(email, request) else None


def _stop_cancellation(emails: EmailRepository, email: Email, request: Request, now: datetime) -> Email | None:
    """Cancel only where a void confirmation may have arrived and nothing newer was sent.

    A cancellation is superseded if its visit has begun, if the patient is expected at the same time again, or if a
    newer confirmation or cancellation was sent.
    """
    superseded = finish_email(email, EmailStatus.SUPERSEDED)
    waiting = park_email(claim_email(email, new_id("try", now), now), "confirmation_under_way", now)
    cancelled = emails.get(email.cancels) if email.cancels else None
    if cancelled and cancelled.status is EmailStatus.SENDING:
        return waiting
    if cancelled is None or not cancelled.may_have_arrived or _is_told_something_newer(email, request):
        return superseded
    # Only the time counts. A patient with a confirmation comes at that time, whatever the chair.
    start = email.taken_back.begins if email.taken_back else None
    is_same_time = start is not None and start == request.expected_at
    if start is not None and start <= now:
        return superseded
    if not is_superseded(email, request):
        return superseded if is_same_time else None
    newest = emails.get(request.outbox_id) if request.outbox_id else None
    if request.status is not Status.ACCEPTED:
        return superseded if newest and newest.cancels == email.cancels else None
    if (newest and newest.is_in_progress) or (request.awaits_confirmation and request.pms_write == "queued"):
        return waiting
    return superseded if is_same_time or (newest and newest.was_sent) else None


def _stop_reopened(emails: EmailRepository, email: Email, request: Request, now: datetime) -> Email | None:
    """Say that a request is open again only where its rejection may have arrived, and while it is true."""
    rejection = emails.get(email.cancels) if email.cancels else None
    if rejection and rejection.status is EmailStatus.SENDING:
        return park_email(claim_email(email, new_id("try", now), now), "rejection_under_way", now)
    has_arrived = rejection is not None and rejection.may_have_arrived
    is_true = not is_superseded(email, request) and request.requested.begins > now
    return None if has_arrived and is_true else finish_email(email, EmailStatus.SUPERSEDED)


def _is_told_something_newer(email: Email, request: Request) -> bool:
    """Whether another e-mail about the visit was sent after the one that is to be cancelled."""
    told = request.last_notification
    return told is not None and told.outbox_id != email.cancels and told.kind not in _TAKE_BACK_NO_VISIT
