"""The HTML page of a report."""

import re
from datetime import date
from typing import get_args

import pytest

from bookings.domain.insights.detect_findings import detect_findings
from bookings.domain.insights.finding import FindingsOfPeriod
from bookings.domain.insights.report_content import ReportContent
from bookings.domain.reporting.conversion_report import GroupBy, ReportDays, conversion_report
from bookings.domain.reporting.quality_flags import QualityFlag
from bookings.domain.reporting.tally import Tally
from bookings.reports.report_page import ReportPage
from tests.support.builders import NOW, a_cohort, a_practice

DAY = date(2026, 7, 1)


def page(language: str, **counts: int) -> str:
    """The page of a day with so many requests for each quality flag."""
    practice = a_practice(language=language)
    counted = {f"guardrail_{name}": number for name, number in counts.items()}
    tallies = [Tally(a_cohort(DAY), {"received": 9, "status_accepted": 9, **counted})]
    by = {one: conversion_report(practice, ReportDays(DAY, DAY), one, tallies, DAY) for one in get_args(GroupBy)}
    quiet = FindingsOfPeriod(practice, DAY, DAY, detect_findings(tallies, (), ()))
    return ReportPage(practice).page(ReportContent(by, {}, quiet), NOW)


def flag_counts(written: str) -> list[tuple[str, str]]:
    """The counts in the page's lines of quality flags, in this period and the previous one."""
    section = written.partition('class="guardrails"')[2].partition("</section>")[0]
    return re.findall(r"<td>(\d+)</td><td>(\d+)</td>", section)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_quality_flags_are_shown_with_the_previous_period(language: str) -> None:
    written = page(language, no_pms_evidence=3, cancelled_within_a_day=2, linked_to_earlier_appointment=1)
    assert flag_counts(written) == [("3", "0"), ("2", "0"), ("1", "0")]


def test_quality_flags_are_shown_even_without_requests() -> None:
    assert flag_counts(page("en")) == [("0", "0")] * len(QualityFlag)
