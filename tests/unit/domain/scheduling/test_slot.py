"""Slots: days, duration and equality."""

from datetime import date, datetime, timedelta

import pytest

from bookings.domain.scheduling.slot import Slot
from tests.support.builders import a_slot


def test_a_slot_is_on_its_day() -> None:
    assert a_slot("2026-07-15T15:00", 60).days == [date(2026, 7, 15)]


def test_a_slot_that_ends_at_midnight_is_not_on_the_next_day() -> None:
    assert a_slot("2026-07-15T23:00", 60).days == [date(2026, 7, 15)]


def test_a_slot_past_midnight_is_on_both_days() -> None:
    assert a_slot("2026-07-15T23:00", 61).days == [date(2026, 7, 15), date(2026, 7, 16)]


def test_a_slots_duration_is_elapsed_time_across_a_clock_change() -> None:
    slot = a_slot("2026-11-01T00:30", 120, timezone="America/Toronto")
    assert slot.ends - slot.begins == timedelta(minutes=120)
    assert slot.days == [date(2026, 11, 1)]


def test_two_equal_wall_times_of_a_clock_change_are_different_slots() -> None:
    first = a_slot("2026-11-01T01:30-04:00", timezone="America/Toronto")
    second = a_slot("2026-11-01T01:30-05:00", timezone="America/Toronto")
    assert first != second
    assert first == a_slot("2026-11-01T01:30-04:00", timezone="America/Toronto")


def test_slots_that_differ_only_in_the_chair_are_different() -> None:
    assert a_slot(chair_id="chr_a") != a_slot(chair_id="chr_b")
    assert len({a_slot(chair_id="chr_a"), a_slot(chair_id="chr_b"), a_slot(chair_id="chr_a")}) == 2


def test_a_slot_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        _ = Slot(start=datetime(2026, 7, 15, 15), duration_minutes=60).zone
