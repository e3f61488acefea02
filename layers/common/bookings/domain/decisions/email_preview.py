"""The letter that a decision would bring, before the decision is made."""

from typing import Literal

from bookings.domain.change_set import Stamp
from bookings.domain.decisions.commands import Edits
from bookings.domain.decisions.decide import edited_slot
from bookings.domain.outbox.email import Letter, LetterKind, new_letter
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Decision, Move, RejectionReason, Request, Status


class Supposed(Edits):
    """A decision that is being thought about: a confirmation of these edits, or a rejection for this reason."""

    kind: Literal["confirmation", "rejection"]
    reason: RejectionReason | None = None


def foreseen(practice: Practice, request: Request, supposed: Supposed, stamp: Stamp) -> tuple[Letter, Request]:
    """The letter and the request as they would be; raises Invalid for what the practice has not."""
    if supposed.kind == "rejection":
        decision = Decision(action=Move.REJECT, at=stamp.at, by=stamp.by, reason=supposed.reason)
        after = {"status": Status.REJECTED, "decision": decision}
    else:
        after = {"status": Status.ACCEPTED, "accepted": edited_slot(practice, request, supposed)}
    letter = new_letter(request, request.revision + 1, LetterKind(supposed.kind), stamp.correlation_id, stamp.at)
    return letter, request.model_copy(update={**after, "appointment_status": None})
