"""Overlaps, obstacles, assignment of chair and practitioner, and the fit of a slot."""

from datetime import timedelta
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.scheduling.conflicts import (
    ObstacleCode,
    Placement,
    Verdict,
    assess_fit,
    best_placement,
    find_obstacles,
    overlap,
)
from bookings.domain.scheduling.day_sheet import Sheets, sheet_keys, sheet_keys_on
from bookings.domain.scheduling.slot import Slot
from tests.support.builders import (
    NOW,
    a_chair,
    a_pms,
    a_practice,
    a_practitioner,
    a_slot,
    an_appointment,
    hours,
    open_hours,
    sheet_key,
    sheets_with,
)


class Where(TypedDict):
    practitioner_id: str
    chair_id: str


HERE: Where = {"practitioner_id": "prov_a", "chair_id": "chr_a"}
THERE: Where = {"practitioner_id": "prov_a", "chair_id": "chr_b"}
MINUTES = st.integers(0, 600)
LENGTHS = st.integers(1, 240)


def in_the_way(practice: Practice, slot: Slot, sheets: Sheets | None = None) -> list[ObstacleCode]:
    return [obstacle.code for obstacle in find_obstacles(practice, slot, sheets or {}, NOW)]


def minutes_after_eight(minutes: int, length: int) -> Slot:
    eight = a_slot("2026-07-15T08:00")
    return eight.model_copy(update={"start": eight.start + timedelta(minutes=minutes), "duration_minutes": length})


# ---------------------------------------------------------------- overlap


def test_adjacent_slots_do_not_overlap() -> None:
    assert not overlap(a_slot("2026-07-15T14:00", 60), a_slot("2026-07-15T15:00", 60))


def test_slots_that_share_a_minute_overlap() -> None:
    assert overlap(a_slot("2026-07-15T14:01", 60), a_slot("2026-07-15T15:00", 60))


def test_a_slot_inside_another_overlaps_it() -> None:
    assert overlap(a_slot("2026-07-15T14:00", 120), a_slot("2026-07-15T14:30", 15))


def test_two_equal_wall_times_of_a_clock_change_do_not_overlap() -> None:
    first = a_slot("2026-11-01T01:30-04:00", 30, timezone="America/Toronto")
    second = a_slot("2026-11-01T01:30-05:00", 30, timezone="America/Toronto")
    assert not overlap(first, second)


@given(MINUTES, LENGTHS, MINUTES, LENGTHS)
def test_two_slots_overlap_if_and_only_if_they_share_a_minute(a: int, long: int, b: int, longer: int) -> None:
    one, other = minutes_after_eight(a, long), minutes_after_eight(b, longer)
    shared = set(range(a, a + long)) & set(range(b, b + longer))
    assert overlap(one, other) == overlap(other, one) == bool(shared)


# ---------------------------------------------------------------- obstacles


def test_an_empty_day_has_no_obstacles() -> None:
    assert in_the_way(a_practice(), a_slot(**HERE)) == []


def test_a_busy_chair_names_the_appointment_and_its_time() -> None:
    taken = an_appointment(slot=a_slot("2026-07-15T14:30", 60, chair_id="chr_a"))
    (obstacle,) = find_obstacles(a_practice(), a_slot(**HERE), sheets_with(taken), NOW)
    assert obstacle.code is ObstacleCode.CHAIR_BUSY
    assert (obstacle.resource_id, obstacle.appointment_id) == ("chr_a", taken.id)
    assert taken.slot
    assert (obstacle.start, obstacle.duration_minutes) == (taken.slot.start, 60)


def test_a_busy_practitioner_is_an_obstacle_in_any_chair() -> None:
    taken = an_appointment(slot=a_slot("2026-07-15T15:30", 30, practitioner_id="prov_a", chair_id="chr_b"))
    assert in_the_way(a_practice(), a_slot(**HERE), sheets_with(taken)) == [ObstacleCode.PRACTITIONER_BUSY]


def test_all_obstacles_are_returned_together() -> None:
    taken = an_appointment(slot=a_slot("2026-07-15T15:00", 60, **HERE))
    practice = a_practice(hours=hours(*open_hours("08:00", "15:30")))
    assert in_the_way(practice, a_slot(**HERE), sheets_with(taken)) == [
        ObstacleCode.PRACTICE_CLOSED,
        ObstacleCode.CHAIR_BUSY,
        ObstacleCode.PRACTITIONER_BUSY,
    ]


def test_a_cancelled_appointment_is_no_obstacle() -> None:
    cancelled = an_appointment(slot=a_slot(**HERE), status=AppointmentStatus.CANCELLED)
    assert in_the_way(a_practice(), a_slot(**HERE), sheets_with(cancelled)) == []


def test_an_appointment_past_midnight_is_an_obstacle_on_both_days() -> None:
    always = a_practice(hours=hours(*open_hours("00:00", "23:59", days=range(1, 8))))
    sheets = sheets_with(an_appointment(slot=a_slot("2026-07-15T23:30", 60, chair_id="chr_a")))
    assert in_the_way(always, a_slot("2026-07-16T00:15", 30, **HERE), sheets) == [ObstacleCode.CHAIR_BUSY]


@pytest.mark.parametrize("start", ["2026-07-15T07:30", "2026-07-15T16:30", "2026-07-15T22:00", "2026-07-18T10:00"])
def test_a_practice_is_closed_outside_its_hours(start: str) -> None:
    assert in_the_way(a_practice(), a_slot(start, 60, **HERE)) == [ObstacleCode.PRACTICE_CLOSED]


@pytest.mark.parametrize("start", ["2026-07-15T08:00", "2026-07-15T16:00"])
def test_a_slot_may_begin_at_opening_and_end_at_closing(start: str) -> None:
    assert in_the_way(a_practice(), a_slot(start, 60, **HERE)) == []


def test_a_slot_must_not_span_the_lunch_break() -> None:
    practice = a_practice(hours=hours(*open_hours("08:00", "12:00"), *open_hours("13:00", "17:00")))
    assert in_the_way(practice, a_slot("2026-07-15T11:30", 60, **HERE)) == [ObstacleCode.PRACTICE_CLOSED]


@pytest.mark.parametrize(
    ("start", "closed"),
    [("2026-07-15T12:00", False), ("2026-07-15T12:30", True), ("2026-07-15T14:00", True), ("2026-07-15T15:00", False)],
)
def test_a_closure_blocks_only_the_time_that_it_covers(start: str, *, closed: bool) -> None:
    practice = a_practice(hours=hours(closures=[("2026-07-15T13:00", "2026-07-15T15:00")]))
    assert in_the_way(practice, a_slot(start, 60, **HERE)) == [ObstacleCode.PRACTICE_CLOSED] * closed


def test_a_practice_without_hours_is_always_open() -> None:
    assert in_the_way(a_practice(hours=None), a_slot("2026-07-18T03:00", 60, **HERE)) == []


def test_chairs_and_practitioners_have_their_own_hours() -> None:
    mornings = hours(*open_hours("08:00", "12:00"))
    practice = a_practice(
        chairs=(a_chair("chr_a", hours=mornings),), practitioners=(a_practitioner("prov_a", hours=mornings),)
    )
    assert in_the_way(practice, a_slot("2026-07-15T09:00", 60, **HERE)) == []
    assert in_the_way(practice, a_slot("2026-07-15T13:00", 60, **HERE)) == [
        ObstacleCode.CHAIR_CLOSED,
        ObstacleCode.PRACTITIONER_AWAY,
    ]


def test_a_practitioners_hours_in_one_chair_do_not_apply_in_another() -> None:
    bound = hours(*open_hours("08:00", "12:00", chair_id="chr_a"), *open_hours("13:00", "17:00", chair_id="chr_b"))
    practice = a_practice(practitioners=(a_practitioner("prov_a", hours=bound),))
    assert in_the_way(practice, a_slot("2026-07-15T09:00", 60, **HERE)) == []
    assert in_the_way(practice, a_slot("2026-07-15T09:00", 60, **THERE)) == [ObstacleCode.PRACTITIONER_AWAY]
    assert in_the_way(practice, a_slot("2026-07-15T14:00", 60, **THERE)) == []
    assert in_the_way(practice, a_slot("2026-07-15T14:00", 60, **HERE)) == [ObstacleCode.PRACTITIONER_AWAY]


def test_an_unknown_or_inactive_chair_or_practitioner_is_an_obstacle() -> None:
    practice = a_practice(chairs=(a_chair("chr_a", active=False),), practitioners=())
    assert in_the_way(practice, a_slot(**HERE)) == [ObstacleCode.CHAIR_UNKNOWN, ObstacleCode.PRACTITIONER_UNKNOWN]


# ---------------------------------------------------------------- assignment of chair and practitioner


def placed(practice: Practice, slot: Slot, sheets: Sheets | None = None) -> Placement:
    return best_placement(practice, slot, sheets or {}, NOW)


def test_any_practitioner_and_chair_become_the_first_free_ones() -> None:
    placement = placed(a_practice(), a_slot())
    assert (placement.slot.practitioner_id, placement.slot.chair_id) == ("prov_a", "chr_a")
    assert placement.obstacles == ()


def test_busy_practitioners_and_chairs_are_skipped() -> None:
    busy = an_appointment(slot=a_slot("2026-07-15T15:30", 60, practitioner_id="prov_a", chair_id="chr_a"))
    placement = placed(a_practice(), a_slot(), sheets_with(busy))
    assert (placement.slot.practitioner_id, placement.slot.chair_id) == ("prov_b", "chr_b")
    assert placement.obstacles == ()


def test_a_requested_practitioner_or_chair_is_never_replaced() -> None:
    busy = an_appointment(slot=a_slot(practitioner_id="prov_a"))
    placement = placed(a_practice(), a_slot(practitioner_id="prov_a"), sheets_with(busy))
    assert placement.slot.practitioner_id == "prov_a"
    assert [one.code for one in placement.obstacles] == [ObstacleCode.PRACTITIONER_BUSY]


def test_one_chair_must_be_free_for_the_whole_slot() -> None:
    """Each chair is free for half of the slot only, so it does not fit."""
    morning = an_appointment(slot=a_slot("2026-07-15T15:00", 30, chair_id="chr_a"))
    later = an_appointment(slot=a_slot("2026-07-15T15:30", 30, chair_id="chr_b"))
    assert placed(a_practice(), a_slot(), sheets_with(morning, later)).obstacles


def test_without_a_free_pair_the_one_with_fewest_obstacles_is_used() -> None:
    both = an_appointment(slot=a_slot(practitioner_id="prov_a", chair_id="chr_a"))
    one = an_appointment(slot=a_slot(practitioner_id="prov_b"))
    placement = placed(a_practice(chairs=(a_chair("chr_a"),)), a_slot(), sheets_with(both, one))
    assert len(placement.obstacles) == 2
    alone = placed(a_practice(), a_slot(), sheets_with(both, one))
    assert (alone.slot.practitioner_id, alone.slot.chair_id) == ("prov_a", "chr_b")


def test_a_practice_without_chairs_assigns_only_a_practitioner() -> None:
    placement = placed(a_practice(chairs=()), a_slot())
    assert (placement.slot.practitioner_id, placement.slot.chair_id) == ("prov_a", None)


# ---------------------------------------------------------------- fit


def verdict(practice: Practice, slot: Slot, sheets: Sheets | None = None) -> Verdict:
    return assess_fit(practice, slot, sheets or {}, NOW).verdict


def test_a_free_time_fits() -> None:
    judged = assess_fit(a_practice(), a_slot(), {}, NOW)
    assert (judged.verdict, judged.reasons) == (Verdict.FITS, ())


def test_a_taken_time_conflicts_and_names_the_appointment() -> None:
    taken = an_appointment(slot=a_slot(practitioner_id="prov_a"))
    judged = assess_fit(a_practice(), a_slot(practitioner_id="prov_a"), sheets_with(taken), NOW)
    assert judged.verdict is Verdict.CONFLICTS
    assert [reason.appointment_id for reason in judged.reasons] == [taken.id]


def test_a_time_outside_the_hours_is_outside_hours() -> None:
    assert verdict(a_practice(), a_slot("2026-07-18T10:00")) is Verdict.OUTSIDE_HOURS


def test_a_slot_across_two_adjacent_intervals_is_within_hours() -> None:
    practice = a_practice(hours=hours(*open_hours("09:00", "12:00"), *open_hours("12:00", "17:00")))
    assert verdict(practice, a_slot("2026-07-15T11:30")) is Verdict.FITS


def test_a_taken_time_outside_hours_is_a_conflict() -> None:
    taken = an_appointment(slot=a_slot("2026-07-18T10:00", practitioner_id="prov_a"))
    slot = a_slot("2026-07-18T10:00", practitioner_id="prov_a")
    assert verdict(a_practice(), slot, sheets_with(taken)) is Verdict.CONFLICTS


def test_an_inactive_practitioner_is_a_conflict() -> None:
    assert verdict(a_practice(), a_slot(practitioner_id="prov_gone")) is Verdict.CONFLICTS


@pytest.mark.parametrize("start", ["2026-07-01T09:00", "2026-07-01T10:00"])
def test_a_time_that_has_begun_is_past(start: str) -> None:
    assert verdict(a_practice(), a_slot(start)) is Verdict.PAST


def test_the_fit_is_unknown_if_pms_data_are_stale() -> None:
    long_ago = a_pms(freshness_limit_minutes=60, synced_at=NOW - timedelta(minutes=61))
    judged = assess_fit(a_practice(pms=long_ago), a_slot(), {}, NOW)
    assert judged.verdict is Verdict.UNKNOWN
    assert judged.as_of == NOW - timedelta(minutes=61)


def test_the_fit_is_unknown_if_the_pms_has_never_sent_anything() -> None:
    assert verdict(a_practice(pms=a_pms(freshness_limit_minutes=60)), a_slot()) is Verdict.UNKNOWN


def test_the_fit_is_unknown_even_with_obstacles_if_data_are_stale() -> None:
    never = a_practice(pms=a_pms(freshness_limit_minutes=60))
    taken = an_appointment(slot=a_slot(practitioner_id="prov_a"))
    assert verdict(never, a_slot(practitioner_id="prov_a"), sheets_with(taken)) is Verdict.UNKNOWN


def test_fresh_data_and_practices_without_a_limit_have_a_fit() -> None:
    fresh = a_pms(freshness_limit_minutes=60, synced_at=NOW - timedelta(minutes=60))
    assert verdict(a_practice(pms=fresh), a_slot()) is Verdict.FITS
    assert verdict(a_practice(pms=a_pms()), a_slot()) is Verdict.FITS


# ---------------------------------------------------------------- sheets


def test_a_slot_is_on_the_sheets_of_its_chair_and_practitioner() -> None:
    assert sheet_keys(a_slot(**HERE)) == [
        sheet_key("2026-07-15", "chair", "chr_a"),
        sheet_key("2026-07-15", "practitioner", "prov_a"),
    ]
    assert sheet_keys(a_slot()) == []


def test_a_decision_reads_the_sheets_of_all_active_chairs_and_practitioners() -> None:
    practice = a_practice(
        chairs=(a_chair("chr_a"), a_chair("chr_old", active=False)), practitioners=(a_practitioner("prov_a"),)
    )
    day = a_slot().start.date()
    assert sheet_keys_on(practice, [day, day]) == sheet_keys(a_slot(**HERE))
