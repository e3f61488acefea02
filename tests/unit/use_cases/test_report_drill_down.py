"""The report's figures equal a plain recount of the requests."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from math import ceil
from typing import Any, get_args
from urllib.parse import parse_qsl

import pytest

from bookings.domain.reporting.conversion_report import Figures, GroupBy, Report, ReportDays
from bookings.domain.reporting.time_to_decision import BUCKETS
from bookings.domain.requests.request import Request
from bookings.use_cases.read_conversion_report import read_conversion_report
from functions.list_requests.app import Query
from tests.support.practice_harness import PracticeHarness
from tests.support.random_year import YEAR_START, RandomYear

ALL = ReportDays(date(2025, 7, 1), date(2026, 6, 30))
NOW = YEAR_START + timedelta(days=365)
GROUPINGS: tuple[GroupBy, ...] = get_args(GroupBy)


@cache
def a_year(requests: int, seed: int = 20260715) -> tuple[PracticeHarness, list[Request]]:
    """A practice after a year with so many requests; tests only read it."""
    harness = PracticeHarness()
    return harness, RandomYear(harness.practices, harness.bookings, harness.practice, seed).play(requests)


def reported(harness: PracticeHarness, group_by: GroupBy | None, days: ReportDays = ALL) -> Report:
    return read_conversion_report(
        harness.practices, harness.bookings, harness.practice.id, days.first, days.last, group_by, NOW
    )[1]


KEYS: dict[GroupBy, Callable[[Request], str]] = {
    "source": lambda one: one.source,
    "practitioner": lambda one: one.requested.practitioner_id or "",
    "chair": lambda one: one.requested.chair_id or "",
    "service": lambda one: one.requested.service_id or "",
    "weekday": lambda one: str(one.requested.start.weekday() + 1),
    "hour": lambda one: str(one.requested.start.hour),
    "patient": lambda one: {None: "", True: "new", False: "existing"}[one.new_patient],
    "day": lambda one: _day(one).isoformat(),
}


def _day(request: Request) -> date:
    return request.received_at.astimezone(request.requested.zone).date()


def recounted(requests: Iterable[Request]) -> dict[str, Any]:
    """The figures recounted from the requests."""
    all_of = list(requests)

    def number(test: Callable[[Request], bool]) -> int:
        return sum(map(test, all_of))

    def status(name: str) -> int:
        return number(lambda one: one.status == name)

    noise = number(lambda one: one.decision is not None and one.decision.reason in ("duplicate", "spam"))
    received, accepted = len(all_of), status("accepted")
    undecided = received - status("cancelled") - noise
    decided = accepted + status("rejected") - noise + status("expired")
    kept = number(lambda one: one.appointment_status in ("arrived", "fulfilled"))
    missed = number(lambda one: one.appointment_status in ("noshow", "cancelled"))
    return {
        "received": received,
        "accepted": accepted,
        "rejected": status("rejected"),
        "cancelled": status("cancelled"),
        "pending": status("pending"),
        "linked": number(lambda one: one.resolution == "linked"),
        "with_changes": number(lambda one: one.resolution == "with_changes"),
        "no_opening": number(lambda one: one.decision is not None and one.decision.reason == "no_opening"),
        "no_pms_evidence": number(lambda one: one.status == "accepted" and one.pms_evidence == "missing"),
        "cancelled_within_a_day": number(_is_soon_gone),
        "linked_to_earlier_appointment": number(_is_linked_to_earlier),
        "gross": round(accepted / undecided, 4) if undecided else None,
        "decided": round(accepted / decided, 4) if decided else None,
        "kept": round(kept / (kept + missed), 4) if kept + missed else None,
    }


def _is_soon_gone(one: Request) -> bool:
    gone = one.appointment_cancelled_at
    return one.decision is not None and gone is not None and gone < one.decision.at + timedelta(hours=24)


def _is_linked_to_earlier(one: Request) -> bool:
    made = one.decision.appointment_made_at if one.decision else None
    return one.resolution in ("linked", "auto_linked") and made is not None and made < one.received_at


def reported_figures(figures: Figures) -> dict[str, Any]:
    return {
        "received": figures.received,
        "accepted": figures.accepted,
        "rejected": figures.rejected,
        "cancelled": figures.cancelled,
        "pending": figures.pending,
        "linked": figures.resolutions["linked"],
        "with_changes": figures.resolutions["with_changes"],
        "no_opening": figures.rejection_reasons["no_opening"],
        **figures.guardrails,
        "gross": figures.gross_conversion,
        "decided": figures.decided_conversion,
        "kept": figures.kept_rate,
    }


def check(harness: PracticeHarness, requests: list[Request]) -> None:
    for group_by in GROUPINGS:
        report = reported(harness, group_by)
        assert reported_figures(report.totals) == recounted(requests)
        groups: dict[str, list[Request]] = {}
        for request in requests:
            groups.setdefault(KEYS[group_by](request), []).append(request)
        assert {group.key for group in report.groups if group.figures.received} == set(groups)
        for group in report.groups:
            assert reported_figures(group.figures) == recounted(groups.get(group.key, [])), (group_by, group.key)
    _check_waits(reported(harness, None).totals, requests)


def _check_waits(figures: Figures, requests: list[Request]) -> None:
    """Assert that the estimated quantiles lie in the buckets of the true ones."""
    decided = [one for one in requests if one.decision and one.status in ("accepted", "rejected")]
    waits = sorted((one.decision.at - one.received_at).total_seconds() / 60 for one in decided if one.decision)
    clock = figures.time_to_decision.clock
    assert clock.decided == len(waits)
    for share, estimated in ((0.5, clock.median_minutes), (0.9, clock.p90_minutes)):
        true = waits[ceil(share * len(waits)) - 1]
        upper = min(bound for bound in BUCKETS.values() if bound > true)
        lower = max(bound for bound in (0, *BUCKETS.values()) if bound <= true)
        assert estimated is not None
        assert lower <= estimated <= upper


def test_a_years_figures_equal_a_recount_of_its_requests() -> None:
    harness, requests = a_year(600)
    check(harness, requests)
    assert all(reported(harness, None).totals.guardrails.values()), "the random year has requests for every flag"


@pytest.mark.soak
def test_the_figures_of_20_000_requests_equal_a_recount() -> None:
    check(*a_year(20_000))


def test_a_months_figures_equal_a_recount_with_the_month_before() -> None:
    harness, requests = a_year(600)
    days = ReportDays(date(2026, 3, 1), date(2026, 3, 31))
    report = reported(harness, "source", days)
    assert reported_figures(report.totals) == recounted(one for one in requests if days.first <= _day(one) <= days.last)
    before = [one for one in requests if days.before.first <= _day(one) <= days.before.last]
    assert reported_figures(report.previous.totals) == recounted(before)


@pytest.mark.parametrize("size", [60, pytest.param(150, marks=pytest.mark.soak)])
@pytest.mark.parametrize("group_by", [None, *GROUPINGS])
def test_every_figure_drills_down_to_its_requests(group_by: GroupBy | None, size: int) -> None:
    harness, requests = a_year(size, seed=7)
    days = ReportDays(date(2025, 9, 1), date(2025, 9, 14)) if group_by == "day" else ALL
    report = reported(harness, group_by, days)
    figures = [(report.requests, report.totals), (report.previous.requests, report.previous.totals)]
    figures += [(group.requests, group.figures) for group in report.groups]
    led = 0
    for requests_of, counted in figures:
        assert len(listed(harness, requests_of)) == counted.received
        for name, parameters in report.drill_down.items():
            found = listed(harness, f"{requests_of}&{parameters}")
            assert len(found) == figure(counted, name), (requests_of, name)
            led += len(found)
    assert led > len(requests) or group_by == "day"


def figure(figures: Figures, name: str) -> int:
    """The figure of that dotted name."""
    found: Any = figures.model_dump()
    for part in name.split("."):
        found = found[part]
    return int(found)


def listed(harness: PracticeHarness, query: str) -> list[Request]:
    """All requests that the list operation finds with this query."""
    asked = Query.model_validate_strings({**dict(parse_qsl(query.partition("?")[2], keep_blank_values=True))})
    filters = asked.filters(NOW)
    found: list[Request] = []
    cursor: str | None = None
    while True:
        page = harness.bookings.requests(harness.practice, filters, cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


def test_days_of_receipt_are_split_at_local_midnight() -> None:
    harness = PracticeHarness()
    midnight = datetime.combine(date(2026, 7, 2), time.min, harness.practice.zone)
    for second in (-1, 0):
        harness.request(received_at=midnight + timedelta(seconds=second))
    grouped = reported(harness, "day", ReportDays(date(2026, 7, 1), date(2026, 7, 2))).groups
    assert [group.figures.received for group in grouped] == [1, 1]
