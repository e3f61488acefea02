"""The report as CSV for spreadsheets."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from bookings.domain.reporting.conversion_report import GroupBy, ReportDays, conversion_report
from bookings.domain.reporting.tally import Tally
from bookings.reports.report_csv import report_csv
from tests.support.builders import a_cohort, a_practice, a_practitioner

FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)


def written(*tallies: Tally, group_by: GroupBy | None = "source", **practice: Any) -> str:
    return report_csv(
        conversion_report(a_practice(id="prac_1", **practice), ReportDays(FIRST, LAST), group_by, tallies, LAST)
    )


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def a_tally(**fields: Any) -> Tally:
    return Tally(a_cohort(FIRST, **fields), {"received": 2, "status_accepted": 1, "decided_within_1h": 1})


def test_each_group_has_a_line_and_the_last_line_is_the_total() -> None:
    google, website, total = lines(written(a_tally(), a_tally(source="google")))
    assert [line["name"] for line in (google, website, total)] == ["google", "website", "total"]
    assert (google["received"], google["gross_conversion"], total["received"]) == ("2", "0.5", "4")
    assert (google["time_to_decision.clock.median_minutes"], google["previous.received"]) == ("45", "0")
    assert google["requests"].endswith("from=2026-07-01&to=2026-07-31&source=google")


def test_without_groups_there_is_only_the_total() -> None:
    (total,) = lines(written(a_tally(), group_by=None))
    assert (total["from"], total["to"], total["received"]) == ("2026-07-01", "2026-07-31", "2")


def test_the_file_begins_with_a_byte_order_mark_for_excel() -> None:
    text = written(practitioners=(a_practitioner("prov_a", name="Dre Éloïse"),), group_by="practitioner")
    assert text.startswith("\ufeff")
    assert text.count("\r\n") == len(text.splitlines())


def test_a_rate_without_counted_requests_is_an_empty_cell() -> None:
    (total,) = lines(written(group_by=None))
    assert (total["gross_conversion"], total["time_to_decision.clock.median_minutes"]) == ("", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_a_name_that_looks_like_a_formula_is_escaped(start: str) -> None:
    name = f'{start}HYPERLINK("https://evil.example","x"),1'
    (line, _) = lines(written(a_tally(), practitioners=(a_practitioner("prov_a", name=name),), group_by="practitioner"))
    assert line["name"] == f"'{name}"
