"""The conversion report."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from bookings.domain.reporting.conversion_report import Figures, GroupBy, Report, ReportDays, conversion_report
from bookings.domain.reporting.tally import Tally
from tests.support.builders import a_cohort, a_practice

FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)
PRACTICE = a_practice(id="prac_1")


def a_tally(day: int = 1, source: str = "website", who: str = "prov_a", what: str = "svc_1", **counted: int) -> Tally:
    return on(date(2026, 7, day), counted, source=source, practitioner_id=who, service_id=what)


def on(day: date, counted: dict[str, int], **fields: Any) -> Tally:
    return Tally(a_cohort(day, **fields), Counter(counted))


def reported(*tallies: Tally, group_by: GroupBy | None = None) -> Report:
    return conversion_report(PRACTICE, ReportDays(FIRST, LAST), group_by, tallies, LAST)


def totals(**counted: int) -> Figures:
    return reported(on(FIRST, counted)).totals


def test_one_accepted_of_one_received_is_100_percent() -> None:
    figures = totals(received=1, status_accepted=1, resolution_with_changes=1, decided_within_1h=1)
    assert (figures.gross_conversion, figures.decided_conversion) == (1.0, 1.0)
    assert figures.resolutions == {"as_requested": 0, "with_changes": 1, "linked": 0, "auto_linked": 0}
    assert figures.time_to_decision.clock.buckets["within_1h"] == 1


def test_without_counted_requests_there_is_no_rate() -> None:
    figures = reported().totals
    assert (figures.received, figures.gross_conversion, figures.decided_conversion) == (0, None, None)


def test_pending_requests_lower_the_gross_rate_only() -> None:
    figures = totals(received=4, status_accepted=1, status_pending=3)
    assert (figures.gross_conversion, figures.decided_conversion) == (0.25, 1.0)


def test_a_rejection_lowers_both_rates() -> None:
    figures = totals(received=2, status_accepted=1, status_rejected=1, reason_no_opening=1)
    assert (figures.gross_conversion, figures.decided_conversion) == (0.5, 0.5)
    assert figures.rejection_reasons["no_opening"] == 1


def test_an_expired_request_counts_as_not_accepted() -> None:
    figures = totals(received=4, status_accepted=1, status_expired=3)
    assert (figures.gross_conversion, figures.decided_conversion) == (0.25, 0.25)


def test_withdrawn_requests_are_shown_but_not_counted() -> None:
    figures = totals(received=3, status_accepted=1, status_cancelled=2)
    assert figures.cancelled == 2
    assert (figures.gross_conversion, figures.decided_conversion) == (1.0, 1.0)


def test_duplicates_and_spam_are_shown_but_not_counted() -> None:
    figures = totals(
        received=5, status_accepted=1, status_rejected=4, reason_duplicate=2, reason_spam=1, reason_other=1
    )
    assert figures.rejected == 4
    assert (figures.rejection_reasons["duplicate"], figures.rejection_reasons["spam"]) == (2, 1)
    assert (figures.gross_conversion, figures.decided_conversion) == (0.5, 0.5)


def test_without_anything_but_spam_there_is_no_rate() -> None:
    figures = totals(received=2, status_rejected=2, reason_spam=2)
    assert (figures.gross_conversion, figures.decided_conversion) == (None, None)


def test_the_statuses_add_up_to_the_received_requests() -> None:
    figures = totals(
        received=7, status_pending=1, status_proposed=1, status_accepted=1, status_rejected=1, status_cancelled=2,
        status_expired=1,
    )  # fmt: skip
    parts = (
        figures.pending, figures.proposed, figures.accepted, figures.rejected, figures.cancelled, figures.expired,
    )  # fmt: skip
    assert sum(parts) == figures.received == 7


def test_groups_add_up_to_the_totals() -> None:
    tallies = [
        a_tally(1, "website", "prov_a", received=2, status_accepted=1, status_pending=1),
        a_tally(2, "website", "prov_b", received=1, status_accepted=1),
        a_tally(2, "google", "prov_a", "svc_2", received=3, status_rejected=3, reason_no_opening=3),
    ]
    by: dict[GroupBy, dict[str, int]] = {
        "source": {"google": 3, "website": 3},
        "practitioner": {"prov_a": 5, "prov_b": 1},
        "service": {"svc_1": 3, "svc_2": 3},
    }
    for group_by, received in by.items():
        grouped = reported(*tallies, group_by=group_by)
        assert {group.key: group.figures.received for group in grouped.groups} == received
        assert grouped.totals.received == 6
    website = reported(*tallies, group_by="source").groups[1].figures
    assert (website.accepted, website.gross_conversion) == (2, 0.6667)


def test_every_day_of_the_period_has_a_group() -> None:
    grouped = reported(a_tally(2, received=4), group_by="day").groups
    assert len(grouped) == 31
    assert [(group.key, group.figures.received) for group in grouped[:3]] == [
        ("2026-07-01", 0),
        ("2026-07-02", 4),
        ("2026-07-03", 0),
    ]


@pytest.mark.parametrize(
    ("group_by", "fields", "key", "name"),
    [
        ("weekday", {"weekday": 2}, "2", "Tuesday"),
        ("hour", {"hour": 9}, "9", "09:00"),
        ("chair", {"chair_id": "chr_a"}, "chr_a", "Chair chr_a"),
        ("chair", {"chair_id": ""}, "", "any chair"),
        ("practitioner", {"practitioner_id": "prov_a"}, "prov_a", "Dr prov_a"),
        ("practitioner", {"practitioner_id": "prov_gone"}, "prov_gone", "prov_gone"),
        ("patient", {"patient": "new"}, "new", "new"),
        ("patient", {"patient": ""}, "", "not said"),
    ],
)
def test_a_group_has_a_readable_label(group_by: GroupBy, fields: dict[str, Any], key: str, name: str) -> None:
    (group,) = reported(on(FIRST, {"received": 1}, **fields), group_by=group_by).groups
    assert (group.key, group.name, group.figures.received) == (key, name, 1)


def test_hours_are_sorted() -> None:
    grouped = reported(*(on(FIRST, {"received": 1}, hour=hour) for hour in (14, 9, 10)), group_by="hour").groups
    assert [group.name for group in grouped] == ["09:00", "10:00", "14:00"]


def test_each_figure_has_that_of_the_previous_period() -> None:
    before = FIRST - timedelta(days=31)
    tallies = [
        a_tally(1, received=2, status_accepted=2),
        on(FIRST - timedelta(days=1), {"received": 3, "status_accepted": 1}),
        on(before, {"received": 1}, source="google"),
    ]
    report = reported(*tallies, group_by="source")
    assert (report.previous.from_day, report.previous.to_day) == (before, FIRST - timedelta(days=1))
    assert (report.totals.received, report.previous.totals.received) == (2, 4)
    assert [(group.key, group.figures.received, group.previous.received) for group in report.groups] == [
        ("google", 0, 1),
        ("website", 2, 3),
    ]


def test_a_day_is_compared_with_the_same_position_in_the_previous_period() -> None:
    tallies = [a_tally(3, received=2), on(date(2026, 6, 2), {"received": 5})]
    second, third = reported(*tallies, group_by="day").groups[1:3]
    assert (second.figures.received, second.previous.received) == (0, 0)
    assert (third.figures.received, third.previous.received) == (2, 5)


def test_pending_requests_are_grouped_by_age() -> None:
    ages = reported(*(a_tally(day, received=2, status_pending=1) for day in (31, 30, 26, 25, 24, 1))).totals
    assert ages.pending_by_age == {"under_1_day": 1, "under_2_days": 1, "under_7_days": 2, "longer": 2}


def test_the_report_has_median_and_p90_of_the_time_to_decision() -> None:
    clock = totals(received=10, decided_within_15m=4, decided_within_1h=4, decided_within_1d=2).time_to_decision.clock
    assert (clock.decided, clock.median_minutes, clock.p90_minutes) == (10, 38, 960)


def test_time_to_decision_is_also_measured_in_working_time() -> None:
    waited = totals(received=1, decided_within_2d=1, decided_open_within_1h=1).time_to_decision
    assert (waited.clock.median_minutes, waited.opening_hours.median_minutes) == (2160, 45)


def test_kept_appointments_are_those_that_the_pms_reports_as_kept() -> None:
    figures = totals(
        received=9, status_accepted=9, appointment_fulfilled=4, appointment_arrived=2, appointment_noshow=1,
        appointment_cancelled=1, appointment_booked=1,
    )  # fmt: skip
    assert (figures.kept_rate, figures.appointments["noshow"]) == (0.75, 1)
    assert totals(received=1, appointment_booked=1).kept_rate is None


def test_the_report_contains_the_definitions_of_its_figures() -> None:
    assert {"gross_conversion", "decided_conversion", "cohort", "time_to_decision", "kept_rate", "previous"} <= set(
        reported().definitions
    )
