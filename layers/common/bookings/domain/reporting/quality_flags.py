"""Guardrails: what an acceptance may be worth less than it counts for. The report shows them beside its rates."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from bookings.domain.requests.request import Request, Status

PMS_EVIDENCE_DEADLINE = timedelta(days=7)
"""How long after its acceptance the PMS may first speak of an appointment."""

EARLY_CANCELLATION = timedelta(days=1)


class QualityFlag(StrEnum):
    """Why to look twice at an acceptance."""

    NO_PMS_EVIDENCE = "no_pms_evidence"
    CANCELLED_WITHIN_A_DAY = "cancelled_within_a_day"
    LINKED_TO_EARLIER_APPOINTMENT = "linked_to_earlier_appointment"


def quality_flags(request: Request) -> Iterator[QualityFlag]:
    """The guardrails that the request has run into; they follow from what is kept with it, whatever the time is."""
    decision = request.decision
    if request.status is not Status.ACCEPTED or decision is None:
        return
    if request.pms_evidence == "missing":
        yield QualityFlag.NO_PMS_EVIDENCE
    gone, made = request.appointment_cancelled_at, decision.appointment_made_at
    if gone and gone - decision.at < EARLY_CANCELLATION:
        yield QualityFlag.CANCELLED_WITHIN_A_DAY
    if made and made < request.received_at:
        yield QualityFlag.LINKED_TO_EARLIER_APPOINTMENT


def evidence_due(request: Request) -> datetime | None:
    """When the PMS must have spoken of the accepted appointment; None for a request that waits for no such word."""
    if request.pms_evidence != "awaited" or request.decision is None:
        return None
    return request.decision.at + PMS_EVIDENCE_DEADLINE
