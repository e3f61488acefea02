"""Business hours as a PMS sends them."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.wall_time import get_zone
from bookings.domain.pms.apply_hours import owner_section, to_hours
from bookings.domain.pms.event_models import HoursData
from bookings.domain.practice.business_hours import Hours
from tests.support.builders import a_practice, a_slot

PRACTICE = a_practice()
VANCOUVER = get_zone("America/Vancouver")
WEDNESDAY = date(2026, 7, 15)


def data(**fields: Any) -> HoursData:
    return HoursData.model_validate_json(json.dumps({"id": "prov_a", "weekly": [], **fields}))


def weekly(start: object, end: object) -> Hours:
    return to_hours(PRACTICE, data(weekly=[{"weekday": 3, "start": start, "end": end}]))


def open_on(hours: Hours, day: date = WEDNESDAY) -> list[tuple[str, str]]:
    intervals = [[moment.astimezone(VANCOUVER) for moment in pair] for pair in hours.on(day, VANCOUVER, None)]
    return [(f"{begin:%d %H:%M}", f"{end:%d %H:%M}") for begin, end in intervals]


def error_of(**fields: Any) -> str:
    with pytest.raises(Invalid) as refused:
        to_hours(PRACTICE, data(**fields))
    (error,) = refused.value.facts["errors"]
    return str(error["field"])


def test_hours_are_per_weekday_and_optionally_per_chair() -> None:
    read = to_hours(
        PRACTICE,
        data(
            weekly=[{"weekday": 3, "start": "08:30", "end": "12:00", "operatory_id": "chr_a"}],
            closures=[{"start": "2026-07-15T00:00:00", "end": "2026-07-16T00:00:00"}],
        ),
    )
    (stretch,) = read.weekly
    assert (stretch.weekday, f"{stretch.start:%H:%M}", f"{stretch.end:%H:%M}", stretch.chair_id) == (
        3, "08:30", "12:00", "chr_a",
    )  # fmt: skip
    (closure,) = read.closures
    assert closure.start == a_slot("2026-07-15T00:00").start


@pytest.mark.parametrize("clock", ["24:00", "8:30", "08:60", "08:30:00", "noon", 830, "25:00", "٠٨:٣٠", "", None])
def test_opening_times_are_hours_and_minutes(clock: object) -> None:
    with pytest.raises(ValidationError, match="must be a time from 00:00 to 23:59"):
        weekly(clock, "12:00")


@pytest.mark.parametrize("clock", ["24:01", "25:00", "24:00:00", 24])
def test_no_closing_time_is_after_24(clock: object) -> None:
    with pytest.raises(ValidationError, match="must be a time from 00:00 to 24:00"):
        weekly("08:00", clock)


@pytest.mark.parametrize("end", ["24:00", "00:00"])
def test_a_stretch_may_end_at_midnight(end: str) -> None:
    assert open_on(weekly("20:00", end)) == [("15 20:00", "16 00:00")]


def test_a_whole_day_is_from_0_to_24() -> None:
    assert open_on(weekly("00:00", "24:00")) == [("15 00:00", "16 00:00")]


def test_a_stretch_past_midnight_is_open_on_both_days() -> None:
    night = weekly("22:00", "02:00")
    assert open_on(night) == open_on(night, date(2026, 7, 16)) == [("15 22:00", "16 02:00")]
    assert open_on(night, date(2026, 7, 14)) == open_on(night, date(2026, 7, 17)) == []


def test_stretches_that_meet_at_midnight_are_one() -> None:
    parts = [{"weekday": 7, "start": "20:00", "end": "24:00"}, {"weekday": 1, "start": "00:00", "end": "02:00"}]
    hours = to_hours(PRACTICE, data(weekly=parts))
    sunday, monday = date(2026, 7, 19), date(2026, 7, 20)
    assert open_on(hours, sunday) == open_on(hours, monday) == [("19 20:00", "20 02:00")]


@pytest.mark.parametrize("clock", ["00:00", "08:00"])
def test_a_stretch_without_length_is_refused(clock: str) -> None:
    assert error_of(weekly=[{"weekday": 3, "start": clock, "end": clock}]) == "data.weekly.0.end"


# ---------------------------------------------------------------- closures


@pytest.mark.parametrize(
    ("zone", "day", "next_day"),
    [
        ("Africa/Cairo", "2027-04-30", "2027-05-01"),
        ("America/Santiago", "2027-09-05", "2027-09-06"),
        ("Asia/Beirut", "2027-03-28", "2027-03-29"),
    ],
)
def test_a_closure_may_begin_on_a_day_without_midnight(zone: str, day: str, next_day: str) -> None:
    closures = [{"start": f"{day}T00:00:00", "end": f"{next_day}T00:00:00"}]
    (closure,) = to_hours(a_practice(timezone=zone), data(closures=closures)).closures
    assert f"{closure.start:%Y-%m-%d %H:%M}" == f"{day} 01:00"
    assert f"{closure.end:%Y-%m-%d %H:%M}" == f"{next_day} 00:00"


def test_a_closure_may_end_on_a_day_without_midnight() -> None:
    practice = a_practice(timezone="Africa/Cairo")
    (closure,) = to_hours(
        practice, data(closures=[{"start": "2027-04-29T00:00:00", "end": "2027-04-30T00:00:00"}])
    ).closures
    assert closure.end.astimezone(UTC) == datetime(2027, 4, 29, 22, tzinfo=UTC)


def test_a_closure_that_begins_within_a_clock_change_and_ends_soon_after_it_is_kept() -> None:
    practice = a_practice(timezone="America/Toronto")
    closures = [{"start": "2027-03-14T02:30:00", "end": "2027-03-14T03:15:00"}]
    (closure,) = to_hours(practice, data(closures=closures)).closures
    assert (f"{closure.start:%H:%M}", f"{closure.end:%H:%M}") == ("01:30", "03:15")


@pytest.mark.parametrize("end", ["2026-12-31T24:00", "2026-12-31T24:00:00", "2026-12-31T24:00:00-07:00"])
def test_a_closure_may_end_at_the_end_of_a_day(end: str) -> None:
    (closure,) = to_hours(PRACTICE, data(closures=[{"start": "2026-12-31T00:00:00", "end": end}])).closures
    assert closure.end == a_slot("2027-01-01T00:00").start


@pytest.mark.parametrize("end", ["2026-12-31T24:01:00", "2026-12-32T24:00:00", "9999-12-31T24:00:00"])
def test_no_other_time_is_after_the_end_of_a_day(end: str) -> None:
    with pytest.raises(ValidationError):
        data(closures=[{"start": "2026-12-31T00:00:00", "end": end}])


def test_a_closure_has_both_of_two_equal_wall_times() -> None:
    practice = a_practice(timezone="America/Toronto")
    (closure,) = to_hours(
        practice, data(closures=[{"start": "2026-11-01T01:00:00", "end": "2026-11-01T01:30:00"}])
    ).closures
    assert closure.end.astimezone(UTC) - closure.start.astimezone(UTC) == datetime(1, 1, 1, 1, 30) - datetime(1, 1, 1)


@pytest.mark.parametrize("end", ["2026-07-15T08:00:00", "2026-07-15T07:00:00"])
def test_a_closure_ends_after_it_begins(end: str) -> None:
    assert error_of(closures=[{"start": "2026-07-15T08:00:00", "end": end}]) == "data.closures.0.end"


# ---------------------------------------------------------------- whose


def test_hours_say_whose_they_are() -> None:
    assert owner_section(PRACTICE, data()) == "hours"
    assert owner_section(PRACTICE, data(of="practitioner")) == "practitioner_hours"
    assert owner_section(PRACTICE, data(of="chair")) == "chair_hours"
    assert owner_section(PRACTICE, data(of="practice", id=PRACTICE.id)) == "hours"


def test_hours_of_another_practice_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        owner_section(PRACTICE, data(of="practice", id="prac_other"))
    assert refused.value.facts["errors"][0]["field"] == "data.id"
