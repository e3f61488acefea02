"""Which reports are due, and when."""

from datetime import UTC, date, datetime

import pytest

from bookings.domain.kernel.wall_time import get_zone
from bookings.domain.reporting.scheduled_report import due_mornings, periods_ending_before

VANCOUVER, ST_JOHNS = get_zone("America/Vancouver"), get_zone("America/St_Johns")


def periods(day: date) -> list[tuple[str, str, str]]:
    return [(one.cadence, one.first_day.isoformat(), one.last_day.isoformat()) for one in periods_ending_before(day)]


def test_every_morning_has_a_report_about_yesterday() -> None:
    assert periods(date(2026, 7, 15)) == [("daily", "2026-07-14", "2026-07-14")]


def test_mondays_add_a_weekly_and_firsts_a_monthly_report() -> None:
    assert periods(date(2026, 6, 1)) == [
        ("daily", "2026-05-31", "2026-05-31"),
        ("weekly", "2026-05-25", "2026-05-31"),
        ("monthly", "2026-05-01", "2026-05-31"),
    ]


def test_a_reports_id_is_its_last_day_and_cadence() -> None:
    assert [one.report_id for one in periods_ending_before(date(2026, 6, 1))] == [
        "2026-05-31-daily",
        "2026-05-31-weekly",
        "2026-05-31-monthly",
    ]


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        pytest.param("2026-07-15T12:59", [], id="a minute to six in Vancouver"),
        pytest.param("2026-07-15T13:00", ["2026-07-15"], id="six"),
        pytest.param("2026-07-15T23:00", ["2026-07-15"], id="fired late"),
    ],
)
def test_a_morning_is_due_at_six_local_time(moment: str, due: list[str]) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert [day.isoformat() for day in due_mornings(VANCOUVER, date(2026, 7, 14), now)] == due


def test_an_enqueued_morning_is_not_due_again() -> None:
    assert due_mornings(VANCOUVER, date(2026, 7, 15), datetime(2026, 7, 15, 20, tzinfo=UTC)) == []


def test_missed_mornings_are_due_up_to_a_limit() -> None:
    now = datetime(2026, 7, 15, 20, tzinfo=UTC)
    assert [day.day for day in due_mornings(VANCOUVER, date(2026, 7, 11), now)] == [12, 13, 14, 15]
    assert len(due_mornings(VANCOUVER, date(2025, 1, 1), now)) == 32


def test_a_new_zone_begins_with_its_last_morning() -> None:
    """08:30 UTC is 06:00 in St. John's, whose offset has half an hour."""
    assert due_mornings(ST_JOHNS, None, datetime(2026, 7, 15, 8, 30, tzinfo=UTC)) == [date(2026, 7, 15)]
    assert due_mornings(ST_JOHNS, None, datetime(2026, 7, 15, 8, 29, tzinfo=UTC)) == [date(2026, 7, 14)]
