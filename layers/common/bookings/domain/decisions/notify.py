"""Tell the patient what is true now, for instance after a move in the PMS or a failed e-mail."""

from contextlib import suppress

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.decision_change_set import decision_email
from bookings.domain.decisions.undo_email import cancellation_email, undo_email
from bookings.domain.kernel.errors import Invalid, MoveNotAllowed
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.attention import Attention, remove_attention
from bookings.domain.requests.request import Request, Status, allowed_moves


def notify(request: Request, stamp: Stamp) -> ChangeSet:
    """Queue the e-mail that says what is true now: a confirmation, a cancellation or a rejection.

    It replaces an e-mail that was not sent yet. The attentions for a move and for a failed e-mail end. Raises
    MoveNotAllowed if there is nothing to tell, and Invalid if the patient cannot be written to.
    """
    email = _email(request, stamp)
    if email is None:
        raise MoveNotAllowed(
            "There is nothing to tell the patient: no visit is ahead, and no e-mail has to be taken back.",
            request_status=request.status,
            allowed_moves=sorted(allowed_moves(request)),
        )
    if not request.patient.email:
        raise Invalid.field("patient.email", "is missing, so the patient has to be reached in another way")
    if not request.may_email:
        raise Invalid.field("may_email", "is false: the patient asked not to get e-mails")
    after = revise(
        request,
        outbox_id=email.outbox_id,
        mail="queued",
        mail_due_at=None,
        mail_failure=None,
        attentions=remove_attention(request.attentions, Attention.MOVED_IN_PMS, Attention.MAIL_FAILED),
    )
    return ChangeSet(stamp=stamp, action="notify", request=after, email=email)


def notify_of_move(practice: Practice, request: Request, stamp: Stamp) -> ChangeSet:
    """Tell the patient by itself that the PMS has moved the visit, once it has not moved for the quiet time.

    If the practice does not want it any more, the patient must not be written to, or knows the time already, only the
    notice ends, without a new revision: the attention stays for the front desk. Raises MoveNotAllowed if no notice is
    due.
    """
    due_at = request.automatic_notice_at
    if due_at is None or due_at > stamp.at:
        raise MoveNotAllowed(
            "No notice about a move is due for this request.",
            request_status=request.status,
            allowed_moves=sorted(allowed_moves(request)),
        )
    told = request.last_notification.confirmed_slot if request.last_notification else None
    if practice.notify_moves_automatically and told and told.begins != request.expected_at:
        with suppress(MoveNotAllowed, Invalid):
            return notify(request, stamp)
    ended = Edit(request, request.model_copy(update={"notice_due_at": None}))
    return ChangeSet(stamp=stamp, action="notify", request=ended)


def _email(request: Request, stamp: Stamp) -> Email | None:
    """The e-mail that is true now; None if there is none.

    A visit that is ahead is confirmed, unless its confirmation waits for the PMS. Without one, a confirmation that may
    have arrived is taken back, and for a pending request a rejection is, too.
    """
    if request.expected_at and not request.has_taken_place(stamp.at):
        is_early = request.awaits_confirmation and request.pms_write != "complete"
        return None if is_early else decision_email(request, EmailKind.CONFIRMATION, stamp)
    take_back = undo_email if request.status is Status.PENDING else cancellation_email
    if request.last_notification and (email := take_back(request, stamp)):
        return email
    return decision_email(request, EmailKind.REJECTION, stamp) if request.status is Status.REJECTED else None
