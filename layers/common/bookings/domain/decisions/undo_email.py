"""The e-mail that takes back what the patient was told."""

from bookings.domain.decisions.decision_change_set import decision_email
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import Request


def undo_email(request: Request, stamp: Stamp) -> Email | None:
    """What the patient has to be told once the decision is undone; None if nothing, or nothing that is still ahead.

    After a rejection: that the request is open again. After a confirmation: `cancellation_email`.
    """
    told = request.last_notification
    if told is None or told.kind != "rejection":
        return cancellation_email(request, stamp)
    if request.requested.begins <= stamp.at:
        return None
    return decision_email(request, EmailKind.REOPENED, stamp).model_copy(update={"cancels": told.outbox_id})


def cancellation_email(request: Request, stamp: Stamp) -> Email | None:
    """The cancellation of the visit that the patient may believe in; None if there is none, or if it is past.

    Its time is the one that an e-mail confirmed, which the PMS may have changed since. A confirmation that is not
    claimed yet needs none: the commit is conditional on that. After a link, the visit stays in the PMS and may be
    another one of this patient. So the e-mail says that it was the wrong appointment, and does not cancel a visit.
    """
    told = request.last_notification
    if told is not None:
        cancelled, slot = told.outbox_id, told.confirmed_slot
    elif request.mail == "queued":
        return None
    else:  # a confirmation that was sent before notifications were kept
        cancelled, slot = request.outbox_id or "", request.accepted
    if not cancelled or slot is None or slot.begins <= stamp.at or request.has_taken_place(stamp.at):
        return None
    may_stand = told is not None and told.linked and request.appointment_status is not AppointmentStatus.CANCELLED
    kind = EmailKind.WRONG_APPOINTMENT if may_stand else EmailKind.CANCELLATION
    email = decision_email(request, kind, stamp)
    return email.model_copy(update={"cancels": cancelled, "taken_back": slot})
