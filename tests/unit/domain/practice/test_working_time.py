"""Working time: the practice is open on weekdays from 8:00 to 17:00."""

import pytest

from bookings.domain.practice.practice import Practice
from bookings.domain.practice.working_time import open_minutes
from tests.support.builders import a_practice, a_time, hours, open_hours

HARBOUR = a_practice()


def waited(start: str, end: str, practice: Practice = HARBOUR) -> int | None:
    return open_minutes(practice, a_time(start), a_time(end))


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        pytest.param("2026-07-15T10:00", "2026-07-15T10:45", 45, id="within one day"),
        pytest.param("2026-07-15T16:00", "2026-07-16T09:00", 120, id="over night"),
        pytest.param("2026-07-17T16:30", "2026-07-20T08:30", 60, id="over a weekend"),
        pytest.param("2026-07-18T10:00", "2026-07-19T23:00", 0, id="on a weekend"),
        pytest.param("2026-07-15T06:00", "2026-07-15T20:00", 540, id="a whole day"),
        pytest.param("2026-07-15T10:00", "2026-07-15T10:00", 0, id="no time"),
    ],
)
def test_only_business_hours_count(start: str, end: str, minutes: int) -> None:
    assert waited(start, end) == minutes


def test_closures_are_subtracted_once_even_if_they_overlap() -> None:
    closures = [("2026-07-15T09:00", "2026-07-15T12:00"), ("2026-07-15T11:00", "2026-07-15T13:00")]
    practice = a_practice(hours=hours(closures=closures))
    assert waited("2026-07-15T08:00", "2026-07-15T17:00", practice) == 5 * 60


def test_overlapping_intervals_count_once_and_a_chairs_hours_count() -> None:
    late = open_hours("16:00", "20:00", chair_id="chr_a")
    practice = a_practice(hours=hours(*open_hours(), *open_hours("09:00", "10:00"), *late))
    assert waited("2026-07-15T08:00", "2026-07-15T23:00", practice) == 12 * 60


def test_the_night_of_a_clock_change_is_an_hour_longer() -> None:
    practice = a_practice(timezone="America/Toronto", hours=hours(*open_hours("00:00", "04:00", days=[7])))
    night = a_time("2026-11-01T00:00", "America/Toronto"), a_time("2026-11-01T04:00", "America/Toronto")
    assert open_minutes(practice, *night) == 5 * 60


def test_a_practice_without_hours_has_no_working_time() -> None:
    assert waited("2026-07-15T08:00", "2026-07-15T17:00", a_practice(hours=None)) is None
