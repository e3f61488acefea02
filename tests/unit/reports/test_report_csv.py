"""The report as CSV for spreadsheets."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest

from bookings.domain.reporting.conversion_report import GroupBy, ReportDays, conversion_report
from bookings.domain.reporting.tally import Tally
from bookings.reports.report_csv import report_csv
from tests.support.builders import a_cohort, a_practice, a_practitioner

FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)


def written(*tallies: Tally, group_by: GroupBy | None = "source", **fields: Any) -> str:
    practice = a_practice(id="prac_1", **fields)
    report = conversion_report(practice, ReportDays(FIRST, LAST), group_by, tallies, LAST)
    return report_csv(report, practice.language)


def lines(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


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


def test_a_french_practice_gets_semicolons_and_decimal_commas() -> None:
    """Excel in French splits at semicolons, and reads 0.5 as a text or a date."""
    website, total = lines(written(a_tally(), language="fr"), delimiter=";")
    assert (website["name"], website["received"], website["gross_conversion"], total["accepted"]) == (
        "website", "2", "0,5", "1",
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "name",
    ["Roy;=1+1", "Roy,=1+1", "Roy;  @SUM(1)", 'Roy;"=1+1"', "Roy\t-1+1", "Roy\n+1+1", "Roy|=1+1", "Roy;＝1", ' "=1+1"'],
)
def test_no_separator_of_any_language_brings_a_formula_to_the_start_of_a_cell(language: str, name: str) -> None:
    text = written(
        a_tally(), practitioners=(a_practitioner("prov_a", name=name),), group_by="practitioner", language=language
    )
    starts = [cell.lstrip(' "') for cell in re.split(r"[;,|\t\r\n]", text.removeprefix("\ufeff"))]
    assert [cell for cell in starts if cell.startswith(("=", "+", "-", "@", "＝"))] == []
    (line, _) = lines(text, delimiter=";" if language == "fr" else ",")
    assert line["name"].replace("'", "") == name


def test_a_name_that_is_no_formula_stays_as_it_is() -> None:
    name = "Roy-Tremblay; Zoë, Dr (2+2=4)"
    (line, _) = lines(written(a_tally(), practitioners=(a_practitioner("prov_a", name=name),), group_by="practitioner"))
    assert line["name"] == name
