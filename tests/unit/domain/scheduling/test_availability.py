"""The nearest openings for a request."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.domain.kernel.wall_time import combine, get_zone
from bookings.domain.practice.business_hours import Closure, Hours, OpenHours
from bookings.domain.practice.practice import Practice
from bookings.domain.scheduling.availability import OPENING_GRID, days_around, nearest_openings, sheet_days
from bookings.domain.scheduling.conflicts import candidate_slots, find_obstacles
from bookings.domain.scheduling.day_sheet import Sheets
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
    sheets_with,
)

DAY = date(2026, 7, 15)
EVERYTHING = 10_000


def found(
    practice: Practice,
    wanted: Slot | None = None,
    sheets: Sheets | None = None,
    now: datetime = NOW,
    limit: int = EVERYTHING,
) -> list[Slot]:
    return nearest_openings(practice, wanted or a_slot(), [DAY], sheets or {}, now, limit)


def starts(openings: list[Slot]) -> list[str]:
    return sorted(f"{opening.start:%H:%M}" for opening in openings)


def test_an_opening_may_span_two_adjacent_intervals() -> None:
    practice = a_practice(hours=hours(*open_hours("11:00", "12:00"), *open_hours("12:00", "13:00")))
    assert "11:30" in starts(found(practice))


NIGHT = hours(*open_hours("22:00", "02:00", days=[3]))
NEXT_DAY = date(2026, 7, 16)


def test_openings_of_a_night_pass_midnight_and_belong_to_the_day_on_which_they_begin() -> None:
    practice = a_practice(hours=NIGHT)
    assert starts(found(practice)) == [
        "22:00", "22:15", "22:30", "22:45", "23:00", "23:15", "23:30", "23:45",
    ]  # fmt: skip
    next_day = nearest_openings(practice, a_slot("2026-07-16T00:00"), [NEXT_DAY], {}, NOW)
    assert starts(next_day) == ["00:00", "00:15", "00:30", "00:45", "01:00"]


def test_an_opening_does_not_pass_midnight_into_an_appointment() -> None:
    practice = a_practice(hours=NIGHT)
    assert sheet_days(practice, [DAY]) == [DAY, NEXT_DAY]
    everyone = [
        an_appointment(slot=a_slot("2026-07-16T00:15", 30, practitioner_id=person, chair_id=chair))
        for person, chair in (("prov_a", "chr_a"), ("prov_b", "chr_b"))
    ]
    assert starts(found(practice, sheets=sheets_with(*everyone)))[-1] == "23:15"


def test_no_opening_passes_midnight_where_the_practice_closes_then() -> None:
    practice = a_practice(hours=hours(*open_hours("20:00", "00:00", days=[3])))
    assert starts(found(practice))[-1] == "23:00"
    assert sheet_days(a_practice(), [DAY]) == [DAY]


# ---------------------------------------------------------------- against brute force

TIMEZONES = ("America/Vancouver", "America/Toronto", "Europe/London", "Australia/Lord_Howe", "UTC")
DAYS = st.sampled_from([DAY, date(2026, 10, 4), date(2026, 10, 25), date(2026, 11, 1), date(2027, 3, 14)])
"""Most of these days have a clock change somewhere."""
CHAIRS, PEOPLE = ("chr_a", "chr_b"), ("prov_a", "prov_b")


@st.composite
def some_hours(draw: st.DrawFn, tz: str, day: date) -> Hours | None:
    """Any hours of that day, per chair or not, with closures; or no hours."""
    if draw(st.integers(0, 3)) == 0:
        return None
    quarters = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
    weekly = draw(
        st.lists(
            st.builds(
                lambda one, other, chair_id: OpenHours(
                    weekday=day.isoweekday(), start=min(one, other), end=max(one, other), chair_id=chair_id
                ),
                quarters,
                quarters,
                st.sampled_from([None, None, *CHAIRS]),
            ),
            max_size=3,
        )
    )
    minutes = st.times().map(lambda t: t.replace(second=0, microsecond=0))
    closures = draw(
        st.lists(
            st.builds(
                lambda one, other: Closure(
                    start=combine(day, min(one, other), get_zone(tz)), end=combine(day, max(one, other), get_zone(tz))
                ),
                minutes,
                minutes,
            ),
            max_size=1,
        )
    )
    return Hours(weekly=tuple(weekly), closures=tuple(closures))


@st.composite
def a_situation(draw: st.DrawFn) -> tuple[Practice, Slot, date, Sheets]:
    """A practice on some day with random appointments, and a requested slot."""
    tz, day = draw(st.sampled_from(TIMEZONES)), draw(DAYS)
    practice = a_practice(
        timezone=tz,
        hours=draw(some_hours(tz, day)),
        chairs=tuple(a_chair(one, hours=draw(some_hours(tz, day))) for one in CHAIRS),
        practitioners=tuple(a_practitioner(one, hours=draw(some_hours(tz, day))) for one in PEOPLE),
    )
    midnight = combine(day, time.min, get_zone(tz)).astimezone(UTC)
    taken = [
        an_appointment(
            slot=Slot(
                start=(midnight + timedelta(minutes=minute)).astimezone(get_zone(tz)),
                duration_minutes=length,
                chair_id=chair_id,
                practitioner_id=practitioner_id,
            )
        )
        for minute, length, chair_id, practitioner_id in draw(
            st.lists(
                st.tuples(
                    st.integers(-120, 24 * 60),
                    st.integers(5, 300),
                    st.sampled_from([None, *CHAIRS]),
                    st.sampled_from([None, *PEOPLE]),
                ),
                max_size=5,
            )
        )
    ]
    wanted = Slot(
        start=combine(day, draw(st.sampled_from([time(9), time(15)])), get_zone(tz)),
        duration_minutes=draw(st.sampled_from([15, 30, 50, 60, 120])),
        practitioner_id=draw(st.sampled_from([None, *PEOPLE])),
        chair_id=draw(st.sampled_from([None, *CHAIRS])),
    )
    return practice, wanted, day, sheets_with(*taken)


def every_quarter_hour(day: date, wanted: Slot) -> list[Slot]:
    """Every slot of the grid that lies wholly on that day."""
    begin = combine(day, time.min, wanted.zone).astimezone(UTC)
    end = combine(day + timedelta(days=1), time.min, wanted.zone).astimezone(UTC)
    slots = []
    instant = datetime.fromtimestamp(
        begin.timestamp() // OPENING_GRID.total_seconds() * OPENING_GRID.total_seconds(), UTC
    )
    while instant + timedelta(minutes=wanted.duration_minutes) <= end:
        if instant >= begin:
            slots.append(wanted.model_copy(update={"start": instant.astimezone(wanted.zone)}))
        instant += OPENING_GRID
    return slots


@settings(max_examples=30)
@given(a_situation())
def test_openings_are_exactly_those_that_a_brute_force_search_finds(
    situation: tuple[Practice, Slot, date, Sheets],
) -> None:
    practice, wanted, day, sheets = situation
    openings = nearest_openings(practice, wanted, [day], sheets, NOW, EVERYTHING)
    for opening in openings:
        assert list(find_obstacles(practice, opening, sheets, NOW)) == []
    anyone = wanted.model_copy(update={"practitioner_id": None, "chair_id": None})
    possible = {
        slot.begins
        for slot in every_quarter_hour(day, anyone)
        if any(not list(find_obstacles(practice, pair, sheets, NOW)) for pair in candidate_slots(practice, slot))
    }
    assert {opening.begins for opening in openings} == possible
    assert len(openings) == len(possible), "every start is listed once"


# ---------------------------------------------------------------- examples


def test_an_empty_day_has_an_opening_every_quarter_hour() -> None:
    openings = starts(found(a_practice(hours=hours(*open_hours("14:00", "16:00")))))
    assert openings == ["14:00", "14:15", "14:30", "14:45", "15:00"]


def test_hours_per_chair_are_not_combined_across_chairs() -> None:
    """A start at ten would need half an hour in each chair."""
    bound = hours(*open_hours("09:00", "10:30", chair_id="chr_a"), *open_hours("10:30", "12:00", chair_id="chr_b"))
    practice = a_practice(practitioners=(a_practitioner("prov_a", hours=bound),))
    openings = found(practice, a_slot(minutes=60))
    assert {(f"{one.start:%H:%M}", one.chair_id) for one in openings} == {
        ("09:00", "chr_a"), ("09:15", "chr_a"), ("09:30", "chr_a"),
        ("10:30", "chr_b"), ("10:45", "chr_b"), ("11:00", "chr_b"),
    }  # fmt: skip


def test_the_requested_practitioner_ranks_before_a_nearer_time() -> None:
    busy = an_appointment(slot=a_slot("2026-07-15T13:00", 180, practitioner_id="prov_a"))
    best = found(a_practice(), a_slot(practitioner_id="prov_a"), sheets_with(busy))[0]
    assert (best.practitioner_id, f"{best.start:%H:%M}") == ("prov_a", "16:00")


def test_the_requested_chair_ranks_next_and_then_the_nearest_time() -> None:
    busy = an_appointment(slot=a_slot("2026-07-15T14:30", 60, chair_id="chr_b"))
    openings = found(a_practice(), a_slot(chair_id="chr_b"), sheets_with(busy))
    assert [(one.chair_id, f"{one.start:%H:%M}") for one in openings[:3]] == [
        ("chr_b", "15:30"), ("chr_b", "15:45"), ("chr_b", "16:00"),
    ]  # fmt: skip
    assert [one.chair_id for one in openings[-5:]] == ["chr_a"] * 5


def test_of_two_equally_near_openings_the_earlier_is_first() -> None:
    busy = an_appointment(slot=a_slot("2026-07-15T14:45", 90, chair_id="chr_a"))
    one_chair = a_practice(chairs=(a_chair("chr_a"),))
    openings = found(one_chair, a_slot("2026-07-15T15:00", 30), sheets_with(busy))
    assert [f"{one.start:%H:%M}" for one in openings[:2]] == ["14:15", "14:00"]


def test_no_more_openings_than_the_limit_are_returned() -> None:
    assert len(found(a_practice(), limit=3)) == 3


def test_no_opening_is_in_the_past() -> None:
    now = a_slot("2026-07-15T15:10").begins
    openings = starts(found(a_practice(), a_slot(minutes=30), now=now))
    assert openings == ["15:15", "15:30", "15:45", "16:00", "16:15", "16:30"]


def test_stale_data_gives_no_openings() -> None:
    assert found(a_practice(pms=a_pms(freshness_limit_minutes=5))) == []


def test_an_inactive_practitioner_has_no_openings() -> None:
    practice = a_practice(practitioners=(a_practitioner("prov_a", active=False), a_practitioner("prov_b")))
    assert {one.practitioner_id for one in found(practice)} == {"prov_b"}


def test_the_days_around_a_day_leave_out_past_days() -> None:
    wanted = a_slot("2026-07-02T15:00")
    assert days_around(wanted, NOW, 2) == [date(2026, 7, d) for d in (1, 2, 3, 4)]


def test_today_is_the_practices_local_day() -> None:
    just_before_midnight_there = datetime(2026, 7, 3, 6, 30, tzinfo=UTC)
    assert days_around(a_slot("2026-07-02T15:00"), just_before_midnight_there, 0) == [date(2026, 7, 2)]
