"""The other requests of a request's patient, so that nobody decides on one of them unaware of the others."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import ZonedDateTime
from bookings.domain.requests.match_keys import email_key, patient_key, phone_key
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.slot import Slot

MAX_OTHER_REQUESTS = 10
"""Other requests that are shown, the newest first."""

RECENT = timedelta(days=90)
"""How long after its receipt a request is shown that is not open any more."""

_OPEN = (Status.PENDING, Status.PROPOSED)


class RequestSummary(Entity):
    """What tells a patient's requests apart: the part of a request that the index by patient holds."""

    id: str
    status: Status
    received_at: datetime
    patient: Patient
    requested: Slot
    accepted: Slot | None = None


class OtherRequest(Entity):
    """Another request of the same patient, which is open, ahead or recent."""

    id: str
    status: Status
    start: ZonedDateTime = Field(description="the booked start; the requested one unless accepted")
    received_at: datetime
    same_as_this: bool = Field(description="whether it asks for the same start and service as this request")


def is_same_patient(one: Patient, other: Patient) -> bool:
    """Whether the names are the same, and also e-mail address, number or birth date; no birth date contradicts.

    This is stricter than matching. Relatives who share an address or a number have other names.
    """
    if patient_key(one) is None or patient_key(one) != patient_key(other):
        return False
    births = {one.date_of_birth, other.date_of_birth} - {None}
    if len(births) > 1:
        return False
    pairs = (
        (email_key(one), email_key(other)),
        (phone_key(one), phone_key(other)),
        (one.date_of_birth, other.date_of_birth),
    )
    return any(mine is not None and mine == theirs for mine, theirs in pairs)


def other_requests(
    request: Request, known: Iterable[Request | RequestSummary], now: datetime
) -> tuple[OtherRequest, ...]:
    """Those of the known requests that are the same patient's and open, ahead or recent, the newest first."""
    others = (
        OtherRequest(
            id=other.id,
            status=other.status,
            start=(other.accepted or other.requested).start,
            received_at=other.received_at,
            same_as_this=_wish(other.requested) == _wish(request.requested),
        )
        for other in sorted(known, key=lambda other: other.id, reverse=True)
        if other.id != request.id and _is_of_interest(other, now) and is_same_patient(request.patient, other.patient)
    )
    return tuple(others)[:MAX_OTHER_REQUESTS]


def duplicated_request(request: Request, others: Iterable[OtherRequest]) -> str | None:
    """The id of the patient's first pending request for the same start and service; None if this one is the first."""
    earlier = (
        other.id for other in others if other.same_as_this and other.status is Status.PENDING and other.id < request.id
    )
    return min(earlier, default=None)


def _is_of_interest(other: Request | RequestSummary, now: datetime) -> bool:
    is_ahead = other.accepted is not None and other.accepted.begins > now
    return other.status in _OPEN or is_ahead or other.received_at > now - RECENT


def _wish(slot: Slot) -> tuple[datetime, str | None]:
    return slot.begins, slot.service_id
