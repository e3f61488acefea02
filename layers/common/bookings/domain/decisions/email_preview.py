"""Preview the e-mail of a decision before it is made."""

from typing import Literal

from bookings.domain.decisions.accept import slot_with_edits
from bookings.domain.decisions.commands import Edits
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import Email, EmailKind, new_email
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Decision, Move, RejectionReason, Request, Status


class PreviewedDecision(Edits):
    """The decision to preview: a confirmation with these edits, or a rejection for this reason."""

    kind: Literal["confirmation", "rejection"]
    reason: RejectionReason | None = None


def email_for_decision(
    practice: Practice, request: Request, preview: PreviewedDecision, stamp: Stamp
) -> tuple[Email, Request]:
    """The e-mail and the request as they would be after the decision. Nothing is stored.

    Raises Invalid for ids that the practice does not have.
    """
    if preview.kind == "rejection":
        decision = Decision(action=Move.REJECT, at=stamp.at, by=stamp.by, reason=preview.reason)
        after = {"status": Status.REJECTED, "decision": decision}
    else:
        after = {"status": Status.ACCEPTED, "accepted": slot_with_edits(practice, request, preview)}
    email = new_email(request, request.revision + 1, EmailKind(preview.kind), stamp.correlation_id, stamp.at)
    return email, request.model_copy(update={**after, "appointment_status": None})
