"""What the fate of an e-mail changes on its request: `mail`, the last notification, and an attention if it failed."""

from datetime import datetime
from typing import Any

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import Email, EmailKind, EmailStatus
from bookings.domain.requests.attention import Attention, Attentions, add_attention, remove_attention
from bookings.domain.requests.last_notification import LastNotification, NotificationKind, NotificationStatus
from bookings.domain.requests.request import LINKED, Request
from bookings.domain.scheduling.slot import Slot

_KINDS: dict[EmailKind, NotificationKind] = {
    EmailKind.CONFIRMATION: "confirmation",
    EmailKind.REJECTION: "rejection",
    EmailKind.CANCELLATION: "cancellation",
    EmailKind.WRONG_APPOINTMENT: "wrong_appointment",
    EmailKind.REOPENED: "reopened",
}
_STATUSES: dict[EmailStatus, NotificationStatus] = {
    EmailStatus.SENT: "sent",
    EmailStatus.DELIVERED: "sent",
    EmailStatus.UNKNOWN: "unknown",
    EmailStatus.FAILED: "failed",
}


def record_claim(request: Request, email: Email, slot: Slot | None, now: datetime) -> ChangeSet:
    """The change set of a claim: the request's last notification is this e-mail, which names this slot.

    It is written in the transaction of the claim, on condition that the request is as it was when the e-mail was
    rendered. It makes no new revision.
    """
    notification = LastNotification(
        outbox_id=email.outbox_id,
        kind=_KINDS[email.kind],
        at=now,
        slot=slot,
        status="sending",
        linked=email.kind is EmailKind.CONFIRMATION and request.resolution in LINKED,
    )
    edit = Edit(request, request.model_copy(update={"last_notification": notification}))
    return ChangeSet(stamp=_stamp(email, now), action="notify", request=edit)


def follow_email(request: Request | None, email: Email, now: datetime) -> ChangeSet | None:
    """The change set of the e-mail's new status; None if it changes nothing on the request.

    A failure sets an attention, and success ends it. Only that makes a new revision, because the front desk has to see
    it.
    """
    if request is None:
        return None
    fields = {
        **_mail_fields(request, email),
        "last_notification": _notification(request, email),
        "attentions": _attentions(request, email),
    }
    if all(getattr(request, name) == value for name, value in fields.items()):
        return None
    if fields["attentions"] == request.attentions:
        return _change_set(email, now, Edit(request, request.model_copy(update=fields)))
    return _change_set(email, now, revise(request, **fields))


def _mail_fields(request: Request, email: Email) -> dict[str, Any]:
    """What the request shows about its latest e-mail. An older e-mail changes nothing there."""
    if request.outbox_id != email.outbox_id:
        return {}
    if email.mail_status is None:
        return {"mail": None} if email.status is EmailStatus.SUPERSEDED else {}
    return {"mail": email.mail_status, "mail_failure": email.failure if email.mail_status == "failed" else None}


def _notification(request: Request, email: Email) -> LastNotification | None:
    """The last notification. After an e-mail that SES did not accept, it is the one before."""
    told = request.last_notification
    if told is None or told.outbox_id != email.outbox_id or email.status is EmailStatus.SENDING:
        return told
    if email.may_have_arrived:
        return told.model_copy(update={"status": _STATUSES[email.status]})
    return email.replaced_notification


def _attentions(request: Request, email: Email) -> Attentions:
    if email.outbox_id != request.outbox_id:
        return request.attentions
    if email.status is EmailStatus.FAILED:
        return add_attention(request.attentions, Attention.MAIL_FAILED)
    return remove_attention(request.attentions, Attention.MAIL_FAILED) if email.was_sent else request.attentions


def _change_set(email: Email, now: datetime, edit: Edit[Request]) -> ChangeSet:
    return ChangeSet(stamp=_stamp(email, now), action=f"mail_{email.status}", request=edit)


def _stamp(email: Email, now: datetime) -> Stamp:
    return Stamp(by="outbox", at=now, correlation_id=email.correlation_id)
