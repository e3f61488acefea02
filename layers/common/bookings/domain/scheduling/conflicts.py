"""Conflict checks: whether a slot fits the schedule, and the obstacles if it does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.intervals import subtract
from bookings.domain.kernel.wall_time import ZonedDateTime
from bookings.domain.practice.business_hours import Hours
from bookings.domain.practice.practice import Chair, Practice, Practitioner, Service
from bookings.domain.scheduling.day_sheet import DaySheet, Sheets, sheet_keys
from bookings.domain.scheduling.slot import Slot


class ObstacleCode(StrEnum):
    """Why a slot is not possible.

    `chair_busy` and `practitioner_busy`: another appointment has that time. `practice_closed`, `chair_closed` and
    `practitioner_away`: outside the business hours, or in a closure. `chair_unknown` and `practitioner_unknown`: not an
    active one of this practice. `not_offered`: the practice no longer offers this service or practitioner.
    `pms_data_stale`: the data from the PMS is older than the practice's `freshness_limit_minutes`, so the schedule may
    be wrong.
    """

    CHAIR_BUSY = "chair_busy"
    PRACTITIONER_BUSY = "practitioner_busy"
    PRACTICE_CLOSED = "practice_closed"
    CHAIR_CLOSED = "chair_closed"
    PRACTITIONER_AWAY = "practitioner_away"
    CHAIR_UNKNOWN = "chair_unknown"
    PRACTITIONER_UNKNOWN = "practitioner_unknown"
    NOT_OFFERED = "not_offered"
    PMS_DATA_STALE = "pms_data_stale"


_HOURS_CODES = {ObstacleCode.PRACTICE_CLOSED, ObstacleCode.CHAIR_CLOSED, ObstacleCode.PRACTITIONER_AWAY}


class Obstacle(Entity):
    """One reason why a slot is not possible. For a busy resource it has the other appointment and its time."""

    code: ObstacleCode
    resource_id: str | None = Field(default=None, description="the chair, practitioner or service")
    appointment_id: str | None = Field(default=None, description="the appointment that takes the time")
    start: ZonedDateTime | None = Field(default=None, description="start of that appointment")
    duration_minutes: int | None = Field(default=None, description="duration of that appointment")
    since: datetime | None = Field(default=None, exclude=True)


@dataclass(frozen=True)
class Placement:
    """A slot with a chosen practitioner and chair, and its obstacles: none if it fits."""

    slot: Slot
    obstacles: tuple[Obstacle, ...]


class Verdict(StrEnum):
    """Whether a request fits the schedule, as far as the PMS data shows.

    `fits`: it can be accepted as requested. `conflicts`: a chair or practitioner is busy or unknown. `outside_hours`:
    only business hours or closures are in the way. `past`: the requested start has passed. `unknown`: the data from the
    PMS is older than the practice's `freshness_limit_minutes`, so nobody can know.
    """

    FITS = "fits"
    CONFLICTS = "conflicts"
    OUTSIDE_HOURS = "outside_hours"
    PAST = "past"
    UNKNOWN = "unknown"


class Fit(Entity):
    """The verdict on a request, its reasons, and the time of the PMS data (`as_of`)."""

    verdict: Verdict
    reasons: tuple[Obstacle, ...] = Field(default=(), description="what is in the way; empty if nothing is")
    as_of: datetime = Field(description="when the PMS last sent anything; the time of this answer if it never has")


def best_placement(practice: Practice, wanted: Slot, sheets: Sheets, now: datetime) -> Placement:
    """The first pair of practitioner and chair without obstacles, otherwise the pair with the fewest."""
    placements = (
        Placement(slot, tuple(find_obstacles(practice, slot, sheets, now)))
        for slot in candidate_slots(practice, wanted)
    )
    best: Placement | None = None
    for placement in placements:
        if not placement.obstacles:
            return placement
        if best is None or len(placement.obstacles) < len(best.obstacles):
            best = placement
    return best or Placement(wanted, ())


def assess_fit(practice: Practice, wanted: Slot, sheets: Sheets, now: datetime) -> Fit:
    """Whether the slot could be accepted without changes."""
    as_of = practice.pms.synced_at or now
    if wanted.begins <= now:
        return Fit(verdict=Verdict.PAST, as_of=as_of)
    reasons = best_placement(practice, wanted, sheets, now).obstacles
    codes = {reason.code for reason in reasons}
    if ObstacleCode.PMS_DATA_STALE in codes:
        verdict = Verdict.UNKNOWN
    elif codes - _HOURS_CODES:
        verdict = Verdict.CONFLICTS
    else:
        verdict = Verdict.OUTSIDE_HOURS if codes else Verdict.FITS
    return Fit(verdict=verdict, reasons=reasons, as_of=as_of)


def find_obstacles(practice: Practice, slot: Slot, sheets: Sheets, now: datetime) -> Iterator[Obstacle]:
    """All obstacles of exactly this slot, with its practitioner and chair as given."""
    if practice.is_stale(now):
        yield Obstacle(code=ObstacleCode.PMS_DATA_STALE)
    if not is_open_for(practice.hours, slot):
        yield Obstacle(code=ObstacleCode.PRACTICE_CLOSED)
    if slot.chair_id:
        yield from _chair_obstacles(practice.chair(slot.chair_id), slot)
    if slot.practitioner_id:
        yield from _practitioner_obstacles(practice, slot)
    if _is_withdrawn(practice.services, slot.service_id):
        yield Obstacle(code=ObstacleCode.NOT_OFFERED, resource_id=slot.service_id)
    for key in sheet_keys(slot):
        sheet = sheets.get(key)
        yield from _busy_obstacles(sheet, slot) if sheet else ()


def _chair_obstacles(chair: Chair | None, slot: Slot) -> Iterator[Obstacle]:
    if chair is None:
        yield Obstacle(code=ObstacleCode.CHAIR_UNKNOWN, resource_id=slot.chair_id)
    elif not is_open_for(chair.hours, slot):
        yield Obstacle(code=ObstacleCode.CHAIR_CLOSED, resource_id=chair.id)


def _practitioner_obstacles(practice: Practice, slot: Slot) -> Iterator[Obstacle]:
    practitioner = practice.practitioner(slot.practitioner_id)
    if practitioner is None:
        is_withdrawn = _is_withdrawn(practice.practitioners, slot.practitioner_id)
        code = ObstacleCode.NOT_OFFERED if is_withdrawn else ObstacleCode.PRACTITIONER_UNKNOWN
        yield Obstacle(code=code, resource_id=slot.practitioner_id)
    elif not is_open_for(practitioner.hours, slot):
        yield Obstacle(code=ObstacleCode.PRACTITIONER_AWAY, resource_id=practitioner.id)


def _is_withdrawn(offers: Iterable[Practitioner | Service], offer_id: str | None) -> bool:
    """Whether the practice once offered this practitioner or service and no longer does."""
    return any(offer.id == offer_id and not offer.active for offer in offers)


def _busy_obstacles(sheet: DaySheet, slot: Slot) -> Iterator[Obstacle]:
    kind = sheet.key.resource.kind
    code = ObstacleCode.CHAIR_BUSY if kind == "chair" else ObstacleCode.PRACTITIONER_BUSY
    for appointment_id, busy in sheet.busy.items():
        if overlap(busy.slot, slot):
            yield Obstacle(
                code=code,
                resource_id=sheet.key.resource.id,
                appointment_id=appointment_id,
                start=busy.start,
                duration_minutes=busy.duration_minutes,
                since=busy.since,
            )


def overlap(first: Slot, second: Slot) -> bool:
    """Whether two slots share time. Slots that only touch do not overlap."""
    return first.begins < second.ends and second.begins < first.ends


def is_open_for(hours: Hours | None, slot: Slot) -> bool:
    """Whether one open interval contains the whole slot. Always True without hours."""
    if hours is None:
        return True
    weekly = hours.on(slot.start.date(), slot.zone, slot.chair_id)
    return any(begin <= slot.begins and slot.ends <= end for begin, end in subtract(weekly, hours.closed))


def candidate_slots(practice: Practice, wanted: Slot) -> Iterator[Slot]:
    """The slot with each possible pair of practitioner and chair, in the practice's order."""
    practitioner_ids = [wanted.practitioner_id] if wanted.practitioner_id else _active_ids(practice.practitioners)
    chair_ids = [wanted.chair_id] if wanted.chair_id else _active_ids(practice.chairs)
    for practitioner_id in practitioner_ids or [None]:
        for chair_id in chair_ids or [None]:
            yield wanted.model_copy(update={"practitioner_id": practitioner_id, "chair_id": chair_id})


def _active_ids(resources: Iterable[Practitioner | Chair]) -> list[str | None]:
    return [resource.id for resource in resources if resource.active]
