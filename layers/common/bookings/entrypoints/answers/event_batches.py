"""The answer to a batch of PMS events."""

from typing import NotRequired

from typing_extensions import TypedDict  # Pydantic asks for it on Python 3.11

from bookings.use_cases.receive_pms_events import BatchResult, ContradictingEvent, RejectedEvent


class EventBatchResult(TypedDict):
    """What became of the events of a batch. Every event that is neither accepted nor rejected is ignored."""

    accepted: int
    """Events that changed something."""
    ignored: int
    """Events that changed nothing: duplicates, older versions, and contradictions."""
    rejected: tuple[RejectedEvent, ...]
    """Events that are not valid. Correct them before you send them again, in a batch with another `webhook-id`."""
    contradictions: NotRequired[tuple[ContradictingEvent, ...]]
    """Events that say something else under a version that was used before; left out if there are none."""


def to_event_batch_result(result: BatchResult) -> EventBatchResult:
    """The result of a batch of PMS events."""
    body: EventBatchResult = {"accepted": result.accepted, "ignored": result.ignored, "rejected": result.rejected}
    if result.contradictions:
        body["contradictions"] = result.contradictions
    return body
