"""Wall times of a practice, their zones and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.wall_time import add_minutes, combine, from_rfc9557, get_zone, to_local, to_rfc9557
from tests.support.builders import TORONTO, VANCOUVER

FIRST, LAST = datetime(1970, 1, 1), datetime(2090, 1, 1)
ZONES = st.timezones()
ZONED = st.datetimes(FIRST, LAST, timezones=ZONES)
"""These include ambiguous and skipped times of clock changes."""
WALLS = st.datetimes(FIRST, LAST)


def utc_offset(day: date, tz: ZoneInfo) -> timedelta | None:
    return combine(day, time(12), tz).utcoffset()


def test_vancouver_is_seven_hours_behind_utc_in_december_2026() -> None:
    assert utc_offset(date(2026, 12, 1), VANCOUVER) == timedelta(hours=-7)


def test_toronto_is_five_hours_behind_utc_in_december_2026() -> None:
    assert utc_offset(date(2026, 12, 1), TORONTO) == timedelta(hours=-5)


@pytest.mark.parametrize(
    ("name", "hours"), [("America/Vancouver", -7), ("America/Edmonton", -6), ("America/Winnipeg", -5)]
)
def test_the_west_of_canada_has_no_clock_changes_any_more(name: str, hours: int) -> None:
    offsets = {utc_offset(date(2027, month, 1), get_zone(name)) for month in range(1, 13)}
    assert offsets == {timedelta(hours=hours)}


def test_a_time_skipped_by_a_clock_change_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        to_local(datetime(2027, 3, 14, 2, 30), TORONTO, "requested.start")
    (error,) = refused.value.facts["errors"]
    assert error["field"] == "requested.start"
    assert "does not exist" in error["message"]


def test_an_ambiguous_time_is_refused_without_its_offset() -> None:
    with pytest.raises(Invalid) as refused:
        to_local(datetime(2026, 11, 1, 1, 30), TORONTO, "start")
    assert "twice" in refused.value.facts["errors"][0]["message"]


def test_the_offset_selects_one_of_two_equal_wall_times() -> None:
    first = to_local(datetime.fromisoformat("2026-11-01T01:30:00-04:00"), TORONTO, "start")
    second = to_local(datetime.fromisoformat("2026-11-01T01:30:00-05:00"), TORONTO, "start")
    assert (first.hour, first.minute, first.fold) == (1, 30, 0)
    assert (second.hour, second.minute, second.fold) == (1, 30, 1)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)


def test_no_time_is_ambiguous_where_clocks_do_not_change() -> None:
    assert to_local(datetime(2026, 11, 1, 1, 30), VANCOUVER, "start").utcoffset() == timedelta(hours=-7)
    assert to_local(datetime(2027, 3, 14, 2, 30), VANCOUVER, "start").hour == 2


@given(WALLS, ZONES)
def test_an_accepted_wall_time_occurs_exactly_once(wall: datetime, tz: ZoneInfo) -> None:
    around = (
        datetime.combine(wall.date(), wall.time(), UTC) + timedelta(minutes=n) for n in range(-26 * 60, 26 * 60, 5)
    )
    try:
        taken = to_local(wall, tz, "start")
    except Invalid:
        offsets = {instant.astimezone(tz).utcoffset() for instant in around}
        assert len(offsets) > 1, "a time is refused only at a clock change"
    else:
        assert taken.replace(tzinfo=None) == wall
        assert taken.astimezone(UTC).astimezone(tz).replace(tzinfo=None) == wall
        assert taken.utcoffset() == taken.replace(fold=1 - taken.fold).utcoffset()


@given(WALLS.map(lambda wall: wall.replace(tzinfo=UTC)), ZONES)
def test_a_time_with_an_offset_is_converted_to_the_practices_zone(instant: datetime, tz: ZoneInfo) -> None:
    taken = to_local(instant, tz, "start")
    assert taken.astimezone(UTC) == instant
    assert taken.tzinfo is tz


@given(ZONED)
def test_a_stored_time_round_trips_wall_time_zone_and_instant(moment: datetime) -> None:
    read = from_rfc9557(to_rfc9557(moment))
    assert read.replace(tzinfo=None, fold=0) == moment.replace(tzinfo=None, fold=0)
    assert read.tzinfo is moment.tzinfo
    assert read.utcoffset() == moment.utcoffset()


@given(
    ZONES,
    WALLS,
    st.one_of(
        st.timedeltas(timedelta(microseconds=1), timedelta(seconds=61)),
        st.integers(1, 3000).map(lambda minutes: timedelta(minutes=minutes)),
        st.timedeltas(timedelta(microseconds=1), timedelta(days=9999)),
    ),
)
def test_stored_times_of_a_zone_sort_by_wall_time(tz: ZoneInfo, wall: datetime, step: timedelta) -> None:
    for start in (wall, wall.replace(microsecond=0), wall.replace(second=0, microsecond=0)):
        assert to_rfc9557(start.replace(tzinfo=tz)) < to_rfc9557((start + step).replace(tzinfo=tz))


def test_a_stored_time_is_in_rfc_9557_format() -> None:
    assert to_rfc9557(datetime(2026, 7, 15, 15, tzinfo=VANCOUVER)) == "2026-07-15T15:00-07:00[America/Vancouver]"


def test_a_stored_wall_time_survives_new_zone_rules() -> None:
    """Stored when Vancouver still had UTC−8 in winter; nine o'clock stays nine o'clock."""
    read = from_rfc9557("2026-12-01T09:00-08:00[America/Vancouver]")
    assert (read.hour, read.utcoffset()) == (9, timedelta(hours=-7))


def test_a_time_without_a_zone_cannot_be_stored() -> None:
    with pytest.raises(ValueError, match="zone"):
        to_rfc9557(datetime(2026, 7, 15, 15, tzinfo=UTC))


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "America"])
def test_an_unknown_iana_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not an IANA time zone"):
        get_zone(name)


@given(ZONED, st.integers(-3000, 3000))
def test_adding_minutes_adds_elapsed_time_across_clock_changes(moment: datetime, minutes: int) -> None:
    later = add_minutes(moment, minutes)
    assert later.astimezone(UTC) - moment.astimezone(UTC) == timedelta(minutes=minutes)
    assert later.tzinfo is moment.tzinfo
