"""Guardrails: what an acceptance may be worth less than it counts for. The report shows them beside its rates."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from bookings.domain.change_set import Change, Stamp, edited
from bookings.domain.kernel.errors import MoveNotAllowed
from bookings.domain.requests.request import MOVES, Request, Status

PROVEN_WITHIN = timedelta(days=7)
"""How long after its acceptance the PMS may first speak of an appointment."""

SOON = timedelta(days=1)


class Guardrail(StrEnum):
    """Why to look twice at an acceptance."""

    NO_PMS_EVIDENCE = "no_pms_evidence"
    CANCELLED_WITHIN_A_DAY = "cancelled_within_a_day"
    LINKED_TO_EARLIER_APPOINTMENT = "linked_to_earlier_appointment"


def guardrails(request: Request) -> Iterator[Guardrail]:
    """The guardrails that the request has run into; they follow from what is kept with it, whatever the time is."""
    decision = request.decision
    if request.status is not Status.ACCEPTED or decision is None:
        return
    if request.pms_evidence == "missing":
        yield Guardrail.NO_PMS_EVIDENCE
    gone, made = request.appointment_cancelled_at, decision.appointment_made_at
    if gone and gone - decision.at < SOON:
        yield Guardrail.CANCELLED_WITHIN_A_DAY
    if made and made < request.received_at:
        yield Guardrail.LINKED_TO_EARLIER_APPOINTMENT


def evidence_due(request: Request) -> datetime | None:
    """When the PMS must have spoken of the accepted appointment; None for a request that waits for no such word."""
    if request.pms_evidence != "awaited" or request.decision is None:
        return None
    return request.decision.at + PROVEN_WITHIN


def miss_evidence(request: Request, stamp: Stamp) -> Change:
    """The change that notes that the PMS has not spoken in time; MoveNotAllowed if it has, or still may."""
    due = evidence_due(request)
    if due is None or due > stamp.at:
        raise MoveNotAllowed(
            "Nothing is missing.", request_status=request.status, allowed_moves=sorted(MOVES[request.status])
        )
    return Change(stamp=stamp, action="evidence_missing", request=edited(request, pms_evidence="missing"))
