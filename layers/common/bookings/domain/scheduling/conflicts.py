"""The schedule of a practice: who and what is busy when, what fits, and why something does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.intervals import subtract
from bookings.domain.kernel.wall_time import Zoned
from bookings.domain.practice.business_hours import Hours
from bookings.domain.practice.practice import Chair, Practice, Practitioner
from bookings.domain.scheduling.day_sheet import DaySheet, Sheets, sheet_keys
from bookings.domain.scheduling.slot import Slot


class ObstacleCode(StrEnum):
    """Why a chair or a practitioner cannot serve a time."""

    CHAIR_BUSY = "chair_busy"
    PRACTITIONER_BUSY = "practitioner_busy"
    PRACTICE_CLOSED = "practice_closed"
    CHAIR_CLOSED = "chair_closed"
    PRACTITIONER_AWAY = "practitioner_away"
    CHAIR_UNKNOWN = "chair_unknown"
    PRACTITIONER_UNKNOWN = "practitioner_unknown"
    PMS_DATA_STALE = "pms_data_stale"


_HOURS = {ObstacleCode.PRACTICE_CLOSED, ObstacleCode.CHAIR_CLOSED, ObstacleCode.PRACTITIONER_AWAY}


class Obstacle(Entity):
    """What stands in the way of a slot; a busy resource names the appointment and its time."""

    code: ObstacleCode
    resource_id: str | None = None
    appointment_id: str | None = None
    start: Zoned | None = None
    duration_minutes: int | None = None
    since: datetime | None = Field(default=None, exclude=True)


@dataclass(frozen=True)
class Placement:
    """Where a slot would go, and what stands in its way there: nothing, if it fits."""

    slot: Slot
    obstacles: tuple[Obstacle, ...]


class Verdict(StrEnum):
    """Whether a request fits the schedule as we know it."""

    FITS = "fits"
    CONFLICTS = "conflicts"
    OUTSIDE_HOURS = "outside_hours"
    PAST = "past"
    UNKNOWN = "unknown"


class Fit(Entity):
    """The verdict on a request, with its reasons and the moment our knowledge is from."""

    verdict: Verdict
    reasons: tuple[Obstacle, ...] = ()
    as_of: datetime


def best_placement(practice: Practice, wanted: Slot, sheets: Sheets, now: datetime) -> Placement:
    """The first chair and practitioner that can serve the whole time, or else the pair with the least in its way."""
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
    """Whether the slot could be accepted as it stands."""
    as_of = practice.pms.synced_at or now
    if wanted.begins <= now:
        return Fit(verdict=Verdict.PAST, as_of=as_of)
    reasons = best_placement(practice, wanted, sheets, now).obstacles
    codes = {reason.code for reason in reasons}
    if ObstacleCode.PMS_DATA_STALE in codes:
        verdict = Verdict.UNKNOWN
    elif codes - _HOURS:
        verdict = Verdict.CONFLICTS
    else:
        verdict = Verdict.OUTSIDE_HOURS if codes else Verdict.FITS
    return Fit(verdict=verdict, reasons=reasons, as_of=as_of)


def find_obstacles(practice: Practice, slot: Slot, sheets: Sheets, now: datetime) -> Iterator[Obstacle]:
    """Everything that stands in the way of exactly this slot."""
    if practice.is_stale(now):
        yield Obstacle(code=ObstacleCode.PMS_DATA_STALE)
    if not is_open_for(practice.hours, slot):
        yield Obstacle(code=ObstacleCode.PRACTICE_CLOSED)
    if slot.chair_id:
        yield from _chair_obstacles(practice.chair(slot.chair_id), slot)
    if slot.practitioner_id:
        yield from _practitioner_obstacles(practice.practitioner(slot.practitioner_id), slot)
    for key in sheet_keys(slot):
        sheet = sheets.get(key)
        yield from _busy_obstacles(sheet, slot) if sheet else ()


def _chair_obstacles(chair: Chair | None, slot: Slot) -> Iterator[Obstacle]:
    if chair is None:
        yield Obstacle(code=ObstacleCode.CHAIR_UNKNOWN, resource_id=slot.chair_id)
    elif not is_open_for(chair.hours, slot):
        yield Obstacle(code=ObstacleCode.CHAIR_CLOSED, resource_id=chair.id)


def _practitioner_obstacles(person: Practitioner | None, slot: Slot) -> Iterator[Obstacle]:
    if person is None:
        yield Obstacle(code=ObstacleCode.PRACTITIONER_UNKNOWN, resource_id=slot.practitioner_id)
    elif not is_open_for(person.hours, slot):
        yield Obstacle(code=ObstacleCode.PRACTITIONER_AWAY, resource_id=person.id)


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


def overlap(one: Slot, other: Slot) -> bool:
    """Whether two slots share time; one may begin as the other ends."""
    return one.begins < other.ends and other.begins < one.ends


def is_open_for(hours: Hours | None, slot: Slot) -> bool:
    """Whether one open stretch holds the whole slot; without hours of one's own there is nothing to object."""
    if hours is None:
        return True
    open_now = hours.on(slot.start.date(), slot.zone, slot.chair_id)
    return any(begin <= slot.begins and slot.ends <= end for begin, end in subtract(open_now, hours.closed))


def candidate_slots(practice: Practice, wanted: Slot) -> Iterator[Slot]:
    """The slot with each practitioner and chair that may serve it, in the practice's own order."""
    people = [wanted.practitioner_id] if wanted.practitioner_id else _active_ids(practice.practitioners)
    chairs = [wanted.chair_id] if wanted.chair_id else _active_ids(practice.chairs)
    for practitioner_id in people or [None]:
        for chair_id in chairs or [None]:
            yield wanted.model_copy(update={"practitioner_id": practitioner_id, "chair_id": chair_id})


def _active_ids(things: Iterable[Practitioner | Chair]) -> list[str | None]:
    return [thing.id for thing in things if thing.active]
