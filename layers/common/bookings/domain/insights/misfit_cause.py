"""Misfits: requests that did not become what was requested, each with its cause.

The request has what was requested, its history entry what was decided, and the day sheets which times were taken. So
decisions can be classified in any order, and more than once (docs/adr/0027).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import ZonedDateTime
from bookings.domain.practice.practice import Practice
from bookings.domain.practice.working_time import open_minutes
from bookings.domain.reporting.tally import cohort
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.request import Decision, Move, RejectionReason, Request, Resolution
from bookings.domain.scheduling.conflicts import Obstacle, ObstacleCode, best_placement, is_open_for
from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey, Sheets
from bookings.domain.scheduling.slot import Slot

SHORT_LEAD_MINUTES = 240
"""Minutes of business hours between receipt and requested start below which the lead time is short: half a day.

It is used where the practice has no target time. It is a judgement: a front desk checks its queue about twice a day.
"""

CLASSIFIED_MOVES = frozenset({Move.ACCEPT, Move.LINK, Move.REJECT, Move.EXPIRE, Move.REOPEN})
"""The actions of history entries that can create a misfit, or undo one (reopen)."""

IGNORED_REASONS = frozenset({RejectionReason.DUPLICATE, RejectionReason.SPAM, RejectionReason.NOT_A_PATIENT})
"""Rejections for these reasons are not about the schedule, so they are no misfits."""


class Cause(StrEnum):
    """Why a request did not fit. Of several causes, the first in this order counts.

    `outside_hours`: the practice was closed, or the practitioner not at work. `chair_impossible`: the practitioner does
    not work in that chair then, or chair or practitioner is gone. `stale_data`: the data from the PMS was older than
    the practice's limit when the patient asked. `slot_taken`: chair or practitioner was busy. `too_short`: the booked
    appointment is longer than the requested one. `short_lead`: requested at short notice. `unexplained`: none of these.
    """

    OUTSIDE_HOURS = "outside_hours"
    CHAIR_IMPOSSIBLE = "chair_impossible"
    STALE_DATA = "stale_data"
    SLOT_TAKEN = "slot_taken"
    TOO_SHORT = "too_short"
    SHORT_LEAD = "short_lead"
    UNEXPLAINED = "unexplained"


class Instead(StrEnum):
    """What happened instead of what was requested.

    `moved`: accepted with changes. `linked`: linked to an appointment at another time, or with another practitioner,
    chair or service. `rejected`: rejected because of the schedule. `expired`: the start passed without a decision.
    """

    MOVED = "moved"
    LINKED = "linked"
    REJECTED = "rejected"
    EXPIRED = "expired"


class BlockingAppointment(Entity):
    """An appointment that kept a chair or practitioner busy at the requested time.

    `since` is when it took that time; None if not recorded.
    """

    resource_id: str
    appointment_id: str
    start: ZonedDateTime
    duration_minutes: int
    since: datetime | None


class Misfit(Entity):
    """A request that did not become what was requested. After reopening, it has no cause any more.

    - `cause` is the first of all its `causes`.
    - `moved_minutes` is from the requested to the booked start, negative for an earlier time.
    - `lead_minutes` are minutes of business hours from receipt to the requested start, or all minutes without hours.
    - `pms_age_minutes` is the age of the PMS data at receipt.
    """

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
        """Whether the time was already taken when the request was received; None if that was not recorded."""
        known_times = [blocking.since for blocking in self.taken if blocking.since]
        return min(known_times) <= self.received_at if known_times else None


def classify_misfit(practice: Practice, request: Request, entry: HistoryEntry, sheets: Sheets) -> Misfit | None:
    """The misfit that this history entry created or undid; None if the request became what was requested.

    `sheets` are the current sheets of all resources on the requested days (`day_sheet.sheet_keys_on`). Times that were
    taken after the decision are left out. Times that were freed since the decision cannot be found any more.
    """
    misfit = Misfit(
        practice_id=request.practice_id,
        request_id=request.id,
        revision=entry.revision,
        day=cohort(request).day,
        received_at=request.received_at,
        decided_at=entry.at,
        requested=request.requested,
    )
    if entry.action == Move.REOPEN:
        return misfit
    booked = Slot.model_validate(entry.after["accepted"]) if entry.after.get("accepted") else None
    decision = Decision.model_validate(entry.after["decision"])
    instead = _what_happened_instead(request.requested, entry, decision, booked)
    if instead is None:
        return None
    obstacles = _obstacles(practice, request.requested, _sheets_at_decision(sheets, entry), entry.at)
    misfit = misfit.model_copy(
        update={
            "instead": instead,
            "reason": decision.reason,
            "taken": tuple(_blocking_appointments(obstacles)),
            "lead_minutes": _lead_minutes(practice, request),
            "pms_age_minutes": _minutes(request.pms_synced_at, request.received_at),
            **(_differences(request.requested, booked) if booked else {}),
        }
    )
    causes = tuple(cause for cause in Cause if _IS_CAUSE[cause](practice, misfit, obstacles)) or (Cause.UNEXPLAINED,)
    return misfit.model_copy(update={"cause": causes[0], "causes": causes})


def _what_happened_instead(
    requested: Slot, entry: HistoryEntry, decision: Decision, booked: Slot | None
) -> Instead | None:
    match decision.action:
        case Move.REJECT:
            return None if decision.reason in IGNORED_REASONS else Instead.REJECTED
        case Move.EXPIRE:
            return Instead.EXPIRED
        case Move.ACCEPT if entry.after.get("resolution") == Resolution.WITH_CHANGES:
            return Instead.MOVED
        case Move.LINK if booked and not _is_as_requested(requested, booked):
            return Instead.LINKED
        case _:
            return None


def _is_as_requested(requested: Slot, booked: Slot) -> bool:
    """Whether the times are equal, and practitioner, chair and service where both slots have them."""
    ids = (
        (requested.practitioner_id, booked.practitioner_id),
        (requested.chair_id, booked.chair_id),
        (requested.service_id, booked.service_id),
    )
    same_time = (requested.begins, requested.duration_minutes) == (booked.begins, booked.duration_minutes)
    return same_time and all(requested_id == booked_id for requested_id, booked_id in ids if requested_id and booked_id)


def _differences(requested: Slot, booked: Slot) -> dict[str, object]:
    """The fields of a misfit that compare the booked slot with the requested one."""
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


def _sheets_at_decision(sheets: Sheets, entry: HistoryEntry) -> dict[SheetKey, DaySheet]:
    """The sheets without the request's own appointment and without times taken after the decision."""
    own_id = entry.after.get("appointment_id")
    return {
        key: replace(
            sheet,
            busy={
                appointment_id: busy
                for appointment_id, busy in sheet.busy.items()
                if appointment_id != own_id and (busy.since is None or busy.since <= entry.at)
            },
        )
        for key, sheet in sheets.items()
    }


def _obstacles(practice: Practice, requested: Slot, sheets: Sheets, at: datetime) -> list[Obstacle]:
    """The obstacles of the requested slot, except stale data: its age at receipt counts (`_is_stale`)."""
    obstacles = best_placement(practice, requested, sheets, at).obstacles
    return [obstacle for obstacle in obstacles if obstacle.code is not ObstacleCode.PMS_DATA_STALE]


def _blocking_appointments(obstacles: Iterable[Obstacle]) -> Iterator[BlockingAppointment]:
    for obstacle in obstacles:
        if obstacle.resource_id and obstacle.appointment_id and obstacle.start and obstacle.duration_minutes:
            yield BlockingAppointment(
                resource_id=obstacle.resource_id,
                appointment_id=obstacle.appointment_id,
                start=obstacle.start,
                duration_minutes=obstacle.duration_minutes,
                since=obstacle.since,
            )


def _lead_minutes(practice: Practice, request: Request) -> int:
    """Minutes of business hours from receipt to the requested start; all minutes without known hours."""
    open_lead = open_minutes(practice, request.received_at, request.requested.begins)
    if open_lead is not None:
        return open_lead
    return _minutes(request.received_at, request.requested.begins) or 0


def _minutes(since: datetime | None, until: datetime) -> int | None:
    return None if since is None else round((until - since).total_seconds() / 60)


def _is_outside_hours(practice: Practice, misfit: Misfit, obstacles: Iterable[Obstacle]) -> bool:
    codes = {obstacle.code for obstacle in obstacles}
    is_away = ObstacleCode.PRACTITIONER_AWAY in codes and not _works_in_other_chair(
        practice, misfit.requested, obstacles
    )
    return ObstacleCode.PRACTICE_CLOSED in codes or is_away


def _is_chair_impossible(practice: Practice, misfit: Misfit, obstacles: Iterable[Obstacle]) -> bool:
    codes = {obstacle.code for obstacle in obstacles}
    impossible = {ObstacleCode.CHAIR_CLOSED, ObstacleCode.CHAIR_UNKNOWN, ObstacleCode.PRACTITIONER_UNKNOWN}
    if practice.practitioner(misfit.requested.practitioner_id) is None:
        impossible.add(ObstacleCode.NOT_OFFERED)
    return bool(codes & impossible) or _works_in_other_chair(practice, misfit.requested, obstacles)


def _works_in_other_chair(practice: Practice, requested: Slot, obstacles: Iterable[Obstacle]) -> bool:
    """Whether a practitioner who is away from the requested chair works at that time in another one."""
    away_ids = [obstacle.resource_id for obstacle in obstacles if obstacle.code is ObstacleCode.PRACTITIONER_AWAY]
    return any(
        is_open_for(practitioner.hours, requested.model_copy(update={"chair_id": chair.id}))
        for practitioner in map(practice.practitioner, away_ids)
        for chair in practice.chairs
        if practitioner
    )


def _is_stale(practice: Practice, misfit: Misfit, _: object) -> bool:
    limit = practice.pms.freshness_limit_minutes
    return limit is not None and misfit.pms_age_minutes is not None and misfit.pms_age_minutes > limit


def _is_short_lead(practice: Practice, misfit: Misfit, _: object) -> bool:
    limit = practice.decision_target_minutes or SHORT_LEAD_MINUTES
    return misfit.lead_minutes is not None and misfit.lead_minutes < limit


_IS_CAUSE: Mapping[Cause, Callable[[Practice, Misfit, list[Obstacle]], bool]] = {
    Cause.OUTSIDE_HOURS: _is_outside_hours,
    Cause.CHAIR_IMPOSSIBLE: _is_chair_impossible,
    Cause.STALE_DATA: _is_stale,
    Cause.SLOT_TAKEN: lambda _, misfit, __: bool(misfit.taken),
    Cause.TOO_SHORT: lambda _, misfit, __: (misfit.booked_minutes or 0) > misfit.requested.duration_minutes,
    Cause.SHORT_LEAD: _is_short_lead,
    Cause.UNEXPLAINED: lambda *_: False,
}
"""Whether each cause applies to a misfit with these obstacles. UNEXPLAINED is used where no other cause applies."""
