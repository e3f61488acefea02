"""What was true when a request was decided, kept with the decision: later nobody could tell it any more."""

from dataclasses import replace

from bookings.domain.change_set import Change, Edit
from bookings.domain.practice.practice import Practice
from bookings.domain.practice.working_time import open_minutes


def noted(change: Change, practice: Practice) -> Change:
    """The change, its decision with what was true when it was made."""
    edit = change.request
    if edit is None or edit.after.decision is None:
        return change
    request = edit.after
    decision = edit.after.decision.model_copy(
        update={"open_minutes": open_minutes(practice, request.received_at, edit.after.decision.at)}
    )
    return replace(change, request=Edit(edit.before, request.model_copy(update={"decision": decision})))
