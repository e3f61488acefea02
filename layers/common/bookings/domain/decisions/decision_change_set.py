"""Build the parts that all decisions share: the `Decision`, its e-mail and its change set."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.checks import check_can_notify
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import Email, EmailKind, hold_email, new_email
from bookings.domain.practice.practice import Practice
from bookings.domain.practice.working_time import open_minutes
from bookings.domain.requests.request import Decision, Move, Request, check_move


def new_decision(move: Move, stamp: Stamp, **fields: Any) -> Decision:
    """The decision of this stamp's principal; `fields` are further fields of `Decision`."""
    return Decision(action=move, at=stamp.at, by=stamp.by, by_name=stamp.by_name, **fields)


def decide(
    request: Request, decision: Decision, stamp: Stamp, email_kind: EmailKind | None, **outcome: Any
) -> ChangeSet:
    """The change set of a decision: the request with its new status, and an e-mail of this kind, if any.

    `outcome` has further fields of the request. Attention and watch end with the decision. Raises Invalid if the
    patient should be notified but cannot be; AlreadyDecided or MoveNotAllowed if the move is not allowed.
    """
    email = decision_email(request, email_kind, stamp) if email_kind else None
    if decision.notify:
        check_can_notify(request)
    after = revise(
        request,
        status=check_move(request, decision.action),
        decision=decision,
        outbox_id=email.outbox_id if email else None,
        mail="queued" if email else None,
        mail_due_at=None,
        mail_failure=None,
        attentions=(),
        watch=None,
        look_again_at=None,
        **{"pms_write": "not_required", "pms_write_reason": None, **outcome},
    )
    return ChangeSet(stamp=stamp, action=decision.action, request=after, email=email)


def decision_email(request: Request, kind: EmailKind, stamp: Stamp) -> Email:
    """The e-mail about the revision that the decision creates."""
    return new_email(request, request.revision + 1, kind, stamp.correlation_id, stamp.at)


def add_decision_context(change: ChangeSet, practice: Practice) -> ChangeSet:
    """The change set with the minutes of business hours since receipt, as known at the decision."""
    edit = change.request
    if edit is None or edit.after.decision is None:
        return change
    request = edit.after
    decision = edit.after.decision.model_copy(
        update={"open_minutes": open_minutes(practice, request.received_at, edit.after.decision.at)}
    )
    return replace(change, request=Edit(edit.before, request.model_copy(update={"decision": decision})))


def add_undo_window(change: ChangeSet, practice: Practice) -> ChangeSet:
    """The change set of a front-desk decision, with its e-mail held for the practice's undo window (docs/adr/0034).

    A confirmation that waits for the PMS gets no longer window: the request keeps when it ends.
    """
    edit = change.request
    if edit is None or not practice.email_undo_seconds or not (change.email or edit.after.awaits_confirmation):
        return change
    until = change.stamp.at + timedelta(seconds=practice.email_undo_seconds)
    request = Edit(edit.before, edit.after.model_copy(update={"mail_due_at": until}))
    return replace(change, request=request, email=hold_email(change.email, until) if change.email else None)
