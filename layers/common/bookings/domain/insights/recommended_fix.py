"""What a front desk could change, so that a finding does not come up again."""

from collections.abc import Sequence
from datetime import time
from enum import StrEnum
from statistics import median_high, mode

from bookings.domain.insights.misfit_cause import Cause, Instead, Misfit
from bookings.domain.insights.segment import Pattern
from bookings.domain.kernel.base import Entity


class FixCode(StrEnum):
    """The kinds of change."""

    BLOCK_TIME = "block_time"
    OFFER_OPENINGS = "offer_openings"
    DECIDE_SOONER = "decide_sooner"
    SET_DURATION = "set_duration"
    CHECK_AGENT = "check_agent"
    RAISE_LEAD_TIME = "raise_lead_time"
    FIX_HOURS = "fix_hours"
    ASK_FRONT_DESK = "ask_front_desk"


class Fix(Entity):
    """A change with what it needs to be told: wall-clock times of the pattern's weekday, or minutes."""

    code: FixCode
    start: time | None = None
    end: time | None = None
    minutes: int | None = None


def recommend_fix(pattern: Pattern, misfits: Sequence[Misfit]) -> Fix:
    """The change that would have spared the practice most of these misfits."""
    match pattern.cause:
        case Cause.OUTSIDE_HOURS | Cause.CHAIR_IMPOSSIBLE:
            return Fix(code=FixCode.FIX_HOURS)
        case Cause.STALE_DATA:
            return Fix(code=FixCode.CHECK_AGENT)
        case Cause.TOO_SHORT:
            booked = [one.booked_minutes for one in misfits if one.booked_minutes]
            return Fix(code=FixCode.SET_DURATION, minutes=median_high(booked))
        case Cause.SHORT_LEAD:
            leads = [one.lead_minutes for one in misfits if one.lead_minutes is not None]
            return Fix(code=FixCode.RAISE_LEAD_TIME, minutes=_hours_above(max(leads)))
        case Cause.SLOT_TAKEN:
            return _of_a_taken_slot(pattern, misfits)
        case Cause.UNEXPLAINED:
            moved = sum(one.instead is Instead.MOVED for one in misfits)
            is_moved = 2 * moved > len(misfits) and _is_one_hour(pattern)
            return _block(misfits) if is_moved else Fix(code=FixCode.ASK_FRONT_DESK)


def _of_a_taken_slot(pattern: Pattern, misfits: Sequence[Misfit]) -> Fix:
    """Taken only after the patient had asked is a race that the front desk has lost; taken before is a wrong offer."""
    after = sum(one.was_taken_before is False for one in misfits)
    if 2 * after > len(misfits):
        return Fix(code=FixCode.DECIDE_SOONER)
    return _block(misfits) if _is_one_hour(pattern) else Fix(code=FixCode.OFFER_OPENINGS)


def _is_one_hour(pattern: Pattern) -> bool:
    return pattern.place.weekday is not None and pattern.place.hour is not None


def _block(misfits: Sequence[Misfit]) -> Fix:
    """The time most asked for, for as long as requests are usually moved, or else as long as they were to take."""
    start = mode(one.requested.start.time().replace(fold=0) for one in misfits)
    moves = [abs(one.moved_minutes) for one in misfits if one.moved_minutes]
    minutes = mode(moves) if moves else mode(one.requested.duration_minutes for one in misfits)
    until = start.hour * 60 + start.minute + minutes
    return Fix(code=FixCode.BLOCK_TIME, start=start, end=time(until // 60 % 24, until % 60))


def _hours_above(minutes: int) -> int:
    """The next full hour, in minutes."""
    return 60 * (minutes // 60 + 1)
