"""Recommended fixes: what the practice could change to prevent the misfits of a finding."""

from collections.abc import Sequence
from datetime import time
from enum import StrEnum
from statistics import median_high, mode

from bookings.domain.insights.misfit_cause import Cause, Instead, Misfit
from bookings.domain.insights.segment import Pattern
from bookings.domain.kernel.base import Entity


class FixCode(StrEnum):
    """The kinds of fixes.

    `block_time`: block `start` to `end` for online booking. `offer_openings`: let patients choose free times only.
    `decide_sooner`: the times were still free when patients asked. `set_duration`: set the duration that is offered
    online to `minutes`. `check_agent`: the PMS agent sent nothing for too long. `raise_lead_time`: require `minutes` of
    business hours of notice. `fix_hours`: offer only the hours that are worked. `ask_front_desk`: the schedule shows no
    cause.
    """

    BLOCK_TIME = "block_time"
    OFFER_OPENINGS = "offer_openings"
    DECIDE_SOONER = "decide_sooner"
    SET_DURATION = "set_duration"
    CHECK_AGENT = "check_agent"
    RAISE_LEAD_TIME = "raise_lead_time"
    FIX_HOURS = "fix_hours"
    ASK_FRONT_DESK = "ask_front_desk"


class Fix(Entity):
    """A fix with its parameters: local times on the pattern's weekday, or minutes."""

    code: FixCode
    start: time | None = None
    end: time | None = None
    minutes: int | None = None


def recommend_fix(pattern: Pattern, misfits: Sequence[Misfit]) -> Fix:
    """The fix that would have prevented most of these misfits."""
    match pattern.cause:
        case Cause.OUTSIDE_HOURS | Cause.CHAIR_IMPOSSIBLE:
            return Fix(code=FixCode.FIX_HOURS)
        case Cause.STALE_DATA:
            return Fix(code=FixCode.CHECK_AGENT)
        case Cause.TOO_SHORT:
            durations = [misfit.booked_minutes for misfit in misfits if misfit.booked_minutes]
            return Fix(code=FixCode.SET_DURATION, minutes=median_high(durations))
        case Cause.SHORT_LEAD:
            lead_times = [misfit.lead_minutes for misfit in misfits if misfit.lead_minutes is not None]
            return Fix(code=FixCode.RAISE_LEAD_TIME, minutes=_next_full_hour(max(lead_times)))
        case Cause.SLOT_TAKEN:
            return _fix_for_taken_slot(pattern, misfits)
        case Cause.UNEXPLAINED:
            moved = sum(misfit.instead is Instead.MOVED for misfit in misfits)
            is_usually_moved = 2 * moved > len(misfits) and _is_one_hour(pattern)
            return _block_time(misfits) if is_usually_moved else Fix(code=FixCode.ASK_FRONT_DESK)


def _fix_for_taken_slot(pattern: Pattern, misfits: Sequence[Misfit]) -> Fix:
    """Faster decisions if most times were taken after the request; otherwise, do not offer taken times."""
    taken_after = sum(misfit.was_taken_before is False for misfit in misfits)
    if 2 * taken_after > len(misfits):
        return Fix(code=FixCode.DECIDE_SOONER)
    return _block_time(misfits) if _is_one_hour(pattern) else Fix(code=FixCode.OFFER_OPENINGS)


def _is_one_hour(pattern: Pattern) -> bool:
    """Whether the pattern is about one hour of one weekday, which can be blocked."""
    return pattern.segment.weekday is not None and pattern.segment.hour is not None


def _block_time(misfits: Sequence[Misfit]) -> Fix:
    """Block the time that is requested most often.

    The block is as long as the most frequent move of these requests, or as their most frequent duration without moves.
    """
    start = mode(misfit.requested.start.time().replace(fold=0) for misfit in misfits)
    moves = [abs(misfit.moved_minutes) for misfit in misfits if misfit.moved_minutes]
    minutes = mode(moves) if moves else mode(misfit.requested.duration_minutes for misfit in misfits)
    end_minute = start.hour * 60 + start.minute + minutes
    return Fix(code=FixCode.BLOCK_TIME, start=start, end=time(end_minute // 60 % 24, end_minute % 60))


def _next_full_hour(minutes: int) -> int:
    """The next larger number of full hours, in minutes."""
    return 60 * (minutes // 60 + 1)
