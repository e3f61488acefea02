"""The public openings of a practice."""

import json
from datetime import date

import pytest

from bookings.domain.kernel.errors import (
    Invalid,
)
from bookings.entrypoints.endpoint import to_json
from bookings.use_cases.list_public_openings import list_public_openings
from tests.support.builders import (
    NOW,
    a_chair,
    a_practice,
    a_practitioner,
    a_service,
    a_slot,
    a_stranger,
    hours,
    open_hours,
)
from tests.support.practice_harness import PracticeHarness


def openings(
    harness: PracticeHarness, first: str, last: str, service_id: str = "svc_checkup", practitioner_id: str | None = None
) -> list[str]:
    found = list_public_openings(
        harness.practices,
        harness.bookings,
        harness.practice.id,
        service_id,
        date.fromisoformat(first),
        date.fromisoformat(last),
        NOW,
        practitioner_id,
    )
    return [f"{slot.start:%Y-%m-%d %H:%M}" for slot in found]


def test_openings_sort_by_time() -> None:
    harness = PracticeHarness()
    found = openings(harness, "2026-07-15", "2026-07-16")
    assert found == sorted(found)
    assert (found[0], found[-1]) == ("2026-07-15 08:00", "2026-07-16 16:00")


def test_a_taken_time_is_no_opening() -> None:
    harness = PracticeHarness()
    for who, chair in (("prov_a", "chr_a"), ("prov_b", "chr_b")):
        slot = a_slot("2026-07-15T08:00", 60, practitioner_id=who, chair_id=chair)
        harness.appointment(slot=slot, patient=a_stranger())
    assert openings(harness, "2026-07-15", "2026-07-15")[0] == "2026-07-15 09:00"


def test_openings_can_be_limited_to_one_practitioner() -> None:
    harness = PracticeHarness()
    slot = a_slot("2026-07-15T08:00", 60, practitioner_id="prov_a", chair_id="chr_a")
    harness.appointment(slot=slot, patient=a_stranger())
    assert openings(harness, "2026-07-15", "2026-07-15", practitioner_id="prov_a")[0] == "2026-07-15 09:00"
    assert openings(harness, "2026-07-15", "2026-07-15", practitioner_id="prov_b")[0] == "2026-07-15 08:00"
    with pytest.raises(Invalid):
        openings(harness, "2026-07-15", "2026-07-15", practitioner_id="prov_none")


def test_there_are_no_openings_in_the_past_or_on_closed_days() -> None:
    harness = PracticeHarness()
    assert openings(harness, "2026-06-01", "2026-06-30") == []
    assert openings(harness, "2026-07-18", "2026-07-19") == []
    assert openings(harness, "2026-07-01", "2026-07-01")[0] == "2026-07-01 10:00"


def test_at_most_two_weeks_from_today_are_searched() -> None:
    harness = PracticeHarness(a_practice(services=(a_service("svc_long", duration_minutes=480),)))
    found = openings(harness, "2026-07-15", "2026-12-31", "svc_long")
    assert found[-1].startswith("2026-07-28")
    found = openings(harness, "2026-06-10", "2026-12-31", "svc_long")
    assert (found[0][:10], found[-1][:10]) == ("2026-07-02", "2026-07-14")


def test_a_last_day_before_the_first_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        openings(PracticeHarness(), "2026-07-16", "2026-07-15")
    assert refused.value.facts["errors"][0]["field"] == "to"


def test_a_busy_week_is_searched_to_its_end() -> None:
    """The booking page reads a week: Monday to Saturday, 8:00 to 18:00, half an hour each."""
    week = hours(*open_hours("08:00", "18:00", range(1, 7)))
    harness = PracticeHarness(a_practice(hours=week, services=(a_service(duration_minutes=30),)))
    found = openings(harness, "2026-07-13", "2026-07-19")
    assert len(found) == 6 * 39
    assert found[-1] == "2026-07-18 17:30"


def test_the_longest_answer_fits_into_a_lambda_response() -> None:
    """6 MB (AWS Lambda quotas). Two weeks, day and night, ids as long as any."""
    service, somebody, chair = a_service("s" * 128, duration_minutes=15), a_practitioner("p" * 128), a_chair("c" * 128)
    toronto = {"timezone": "America/Toronto", "hours": None}  # Vancouver has had no clock changes since 2026
    always = a_practice(services=(service,), practitioners=(somebody,), chairs=(chair,), **toronto)
    harness = PracticeHarness(always)
    days = date(2026, 10, 20), date(2026, 11, 30)  # with a clock change
    found = list_public_openings(harness.practices, harness.bookings, always.id, service.id, *days, NOW)
    assert len(found) == 14 * 24 * 4 + 4
    assert len(json.dumps(to_json({"items": found}))) < 1_000_000


def test_an_inactive_service_has_no_openings() -> None:
    with pytest.raises(Invalid):
        openings(PracticeHarness(), "2026-07-15", "2026-07-15", "svc_none")
