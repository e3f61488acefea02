"""Quality flags: reasons why an acceptance may overstate conversion.

The report shows them beside its rates. In its JSON they are `guardrails`. docs/reports.md says what they cannot know.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from bookings.domain.requests.request import Request, Status

PMS_EVIDENCE_DEADLINE = timedelta(days=7)
"""How long after the acceptance the PMS may take to report the appointment."""

EARLY_CANCELLATION = timedelta(days=1)


class QualityFlag(StrEnum):
    """A reason why an acceptance may overstate conversion."""

    NO_PMS_EVIDENCE = "no_pms_evidence"
    CANCELLED_WITHIN_A_DAY = "cancelled_within_a_day"
    LINKED_TO_EARLIER_APPOINTMENT = "linked_to_earlier_appointment"


def quality_flags(request: Request) -> Iterator[QualityFlag]:
    """The flags of a request. They depend only on what is stored with it, not on the current time."""
    decision = request.decision
    if request.status is not Status.ACCEPTED or decision is None:
        return
    if request.pms_evidence == "missing":
        yield QualityFlag.NO_PMS_EVIDENCE
    cancelled_at, first_received_at = request.appointment_cancelled_at, decision.appointment_made_at
    if cancelled_at and cancelled_at - decision.at < EARLY_CANCELLATION:
        yield QualityFlag.CANCELLED_WITHIN_A_DAY
    if first_received_at and first_received_at < request.received_at:
        yield QualityFlag.LINKED_TO_EARLIER_APPOINTMENT


def evidence_due(request: Request) -> datetime | None:
    """By when the PMS must have reported the accepted appointment; None if no report is awaited."""
    if request.pms_evidence != "awaited" or request.decision is None:
        return None
    return request.decision.at + PMS_EVIDENCE_DEADLINE
