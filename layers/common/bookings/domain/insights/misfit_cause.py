"""Misfits: requests that did not become what was asked for, and the cause of each, from facts alone.

What was decided is told by history, what was asked by the request, and what stood in the way by the day sheets. So the
order in which decisions are classed does not matter, nor how often (docs/adr/0027).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import Zoned
from bookings.domain.practice.practice import Practice
from bookings.domain.practice.working_time import open_minutes
from bookings.domain.reporting.tally import cohort
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.request import Decision, Move, RejectionReason, Request, Resolution
from bookings.domain.scheduling.conflicts import Obstacle, ObstacleCode, best_placement, is_open_for
from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey, Sheets
from bookings.domain.scheduling.slot import Slot

SHORT_LEAD_MINUTES = 240
"""Opening minutes between receipt and the start asked for, where a practice has set no target time of its own: half a
working day. A judgement, no standard: a front desk looks at its queue once in a morning and once in an afternoon."""

CLASSIFIED_MOVES = frozenset({Move.ACCEPT, Move.LINK, Move.REJECT, Move.EXPIRE, Move.REOPEN})
"""The actions of history that make a misfit or take one back."""

IGNORED_REASONS = frozenset({RejectionReason.DUPLICATE, RejectionReason.SPAM, RejectionReason.NOT_A_PATIENT})
"""What is rejected for these reasons says nothing of the schedule."""


class Cause(StrEnum):
    """Why a request did not fit, in the order in which one of several comes first.

    What could not be on any such day comes before what we did not know, that before what was taken, that before what
    was asked for wrongly, and what merely came late comes last.
    """

    OUTSIDE_HOURS = "outside_hours"
    CHAIR_IMPOSSIBLE = "chair_impossible"
    STALE_DATA = "stale_data"
    SLOT_TAKEN = "slot_taken"
    TOO_SHORT = "too_short"
    SHORT_LEAD = "short_lead"
    UNEXPLAINED = "unexplained"


class Instead(StrEnum):
    """What was done instead of what was asked for."""

    MOVED = "moved"
    LINKED = "linked"
    REJECTED = "rejected"
    EXPIRED = "expired"


class BlockingAppointment(Entity):
    """What kept a chair or a practitioner busy at the time asked for, and since when, if anybody noted it."""

    resource_id: str
    appointment_id: str
    start: Zoned
    duration_minutes: int
    since: datetime | None


class Misfit(Entity):
    """One request that did not fit. One that the front desk has reopened is taken back: it has no cause any more."""

    practice_id: str
    request_id: str
    revision: int
    day: date
    received_at: datetime
    decided_at: datetime
    requested: Slot
    cause: Cause | None = None
    causes: tuple[Cause, ...] = ()
    instead: Instead | None = None
    reason: RejectionReason | None = None
    moved_minutes: int | None = None
    booked_minutes: int | None = None
    other_practitioner: bool = False
    other_chair: bool = False
    taken: tuple[BlockingAppointment, ...] = ()
    lead_minutes: int | None = None
    pms_age_minutes: int | None = None

    @property
    def was_taken_before(self) -> bool | None:
        """Whether what was in the way stood there before the patient asked; None if nobody can tell."""
        known = [one.since for one in self.taken if one.since]
        return min(known) <= self.received_at if known else None


def classify_misfit(practice: Practice, request: Request, entry: HistoryEntry, sheets: Sheets) -> Misfit | None:
    """The misfit that this step of the request's history made or took back; None if what was asked for was done.

    The sheets are those of `schedule.sheets_of_days` for the days asked for, as they stand by now: what has come to
    stand there after the decision is left out, what has gone since cannot be seen any more.
    """
    bare = Misfit(
        practice_id=request.practice_id,
        request_id=request.id,
        revision=entry.revision,
        day=cohort(request).day,
        received_at=request.received_at,
        decided_at=entry.at,
        requested=request.requested,
    )
    if entry.action == Move.REOPEN:
        return bare
    booked = Slot.model_validate(entry.after["accepted"]) if entry.after.get("accepted") else None
    decision = Decision.model_validate(entry.after["decision"])
    instead = _instead(request.requested, entry, decision, booked)
    if instead is None:
        return None
    in_the_way = _in_the_way(practice, request.requested, _as_decided_on(sheets, entry), entry.at)
    told = bare.model_copy(
        update={
            "instead": instead,
            "reason": decision.reason,
            "taken": tuple(_taken(in_the_way)),
            "lead_minutes": _lead_minutes(practice, request),
            "pms_age_minutes": _minutes(request.pms_synced_at, request.received_at),
            **(_booked(request.requested, booked) if booked else {}),
        }
    )
    causes = tuple(cause for cause in Cause if _IS_CAUSE[cause](practice, told, in_the_way)) or (Cause.UNEXPLAINED,)
    return told.model_copy(update={"cause": causes[0], "causes": causes})


def _instead(requested: Slot, entry: HistoryEntry, decision: Decision, booked: Slot | None) -> Instead | None:
    match decision.action:
        case Move.REJECT:
            return None if decision.reason in IGNORED_REASONS else Instead.REJECTED
        case Move.EXPIRE:
            return Instead.EXPIRED
        case Move.ACCEPT if entry.after.get("resolution") == Resolution.WITH_CHANGES:
            return Instead.MOVED
        case Move.LINK if booked and not _is_what_was_asked(requested, booked):
            return Instead.LINKED
        case _:
            return None


def _is_what_was_asked(requested: Slot, booked: Slot) -> bool:
    """Whether the appointment is what the patient wanted, as far as the two say who, where and what."""
    named = (
        (requested.practitioner_id, booked.practitioner_id),
        (requested.chair_id, booked.chair_id),
        (requested.service_id, booked.service_id),
    )
    same_time = (requested.begins, requested.duration_minutes) == (booked.begins, booked.duration_minutes)
    return same_time and all(asked == got for asked, got in named if asked and got)


def _booked(requested: Slot, booked: Slot) -> dict[str, object]:
    """How far what was booked is from what was asked for; an earlier time is less than nothing."""
    practitioners, chairs = (
        (requested.practitioner_id, booked.practitioner_id),
        (requested.chair_id, booked.chair_id),
    )
    return {
        "moved_minutes": _minutes(requested.begins, booked.begins),
        "booked_minutes": booked.duration_minutes,
        "other_practitioner": all(practitioners) and practitioners[0] != practitioners[1],
        "other_chair": all(chairs) and chairs[0] != chairs[1],
    }


def _as_decided_on(sheets: Sheets, entry: HistoryEntry) -> dict[SheetKey, DaySheet]:
    """The sheets without the request's own appointment, and without what came to stand there after the decision."""
    own = entry.after.get("appointment_id")
    return {
        key: replace(
            sheet,
            busy={
                name: busy
                for name, busy in sheet.busy.items()
                if name != own and (busy.since is None or busy.since <= entry.at)
            },
        )
        for key, sheet in sheets.items()
    }


def _in_the_way(practice: Practice, wanted: Slot, sheets: Sheets, at: datetime) -> list[Obstacle]:
    """What stood in the way, but for stale data: what counts there is how old they were when the patient asked."""
    obstacles = best_placement(practice, wanted, sheets, at).obstacles
    return [one for one in obstacles if one.code is not ObstacleCode.PMS_DATA_STALE]


def _taken(obstacles: Iterable[Obstacle]) -> Iterable[BlockingAppointment]:
    for one in obstacles:
        if one.resource_id and one.appointment_id and one.start and one.duration_minutes:
            yield BlockingAppointment(
                resource_id=one.resource_id,
                appointment_id=one.appointment_id,
                start=one.start,
                duration_minutes=one.duration_minutes,
                since=one.since,
            )


def _lead_minutes(practice: Practice, request: Request) -> int:
    """Opening minutes from receipt to the start asked for; by the clock where the practice tells no hours."""
    opened = open_minutes(practice, request.received_at, request.requested.begins)
    return _minutes(request.received_at, request.requested.begins) or 0 if opened is None else opened


def _minutes(since: datetime | None, until: datetime) -> int | None:
    return None if since is None else round((until - since).total_seconds() / 60)


def _is_outside_hours(practice: Practice, told: Misfit, in_the_way: Iterable[Obstacle]) -> bool:
    codes = {one.code for one in in_the_way}
    away = ObstacleCode.PRACTITIONER_AWAY in codes and not _is_elsewhere(practice, told.requested, in_the_way)
    return ObstacleCode.PRACTICE_CLOSED in codes or away


def _is_chair_impossible(practice: Practice, told: Misfit, in_the_way: Iterable[Obstacle]) -> bool:
    codes = {one.code for one in in_the_way}
    impossible = {ObstacleCode.CHAIR_CLOSED, ObstacleCode.CHAIR_UNKNOWN, ObstacleCode.PRACTITIONER_UNKNOWN}
    return bool(codes & impossible) or _is_elsewhere(practice, told.requested, in_the_way)


def _is_elsewhere(practice: Practice, wanted: Slot, in_the_way: Iterable[Obstacle]) -> bool:
    """Whether the practitioner works then, but in another chair than this one."""
    away = [one.resource_id for one in in_the_way if one.code is ObstacleCode.PRACTITIONER_AWAY]
    return any(
        is_open_for(person.hours, wanted.model_copy(update={"chair_id": chair.id}))
        for person in map(practice.practitioner, away)
        for chair in practice.chairs
        if person
    )


def _is_stale(practice: Practice, told: Misfit, _: object) -> bool:
    limit = practice.pms.freshness_limit_minutes
    return limit is not None and told.pms_age_minutes is not None and told.pms_age_minutes > limit


def _is_short_lead(practice: Practice, told: Misfit, _: object) -> bool:
    bound = practice.decision_target_minutes or SHORT_LEAD_MINUTES
    return told.lead_minutes is not None and told.lead_minutes < bound


_IS_CAUSE: Mapping[Cause, Callable[[Practice, Misfit, list[Obstacle]], bool]] = {
    Cause.OUTSIDE_HOURS: _is_outside_hours,
    Cause.CHAIR_IMPOSSIBLE: _is_chair_impossible,
    Cause.STALE_DATA: _is_stale,
    Cause.SLOT_TAKEN: lambda _, told, __: bool(told.taken),
    Cause.TOO_SHORT: lambda _, told, __: (told.booked_minutes or 0) > told.requested.duration_minutes,
    Cause.SHORT_LEAD: _is_short_lead,
    Cause.UNEXPLAINED: lambda *_: False,
}
