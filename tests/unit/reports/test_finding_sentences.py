"""The sentences about findings on a report's page, in both languages."""

from collections.abc import Sequence
from datetime import date

import pytest

from bookings.domain.insights.detect_findings import count_causes, detect_findings
from bookings.domain.insights.finding import FindingsOfPeriod
from bookings.domain.insights.misfit_cause import Cause, Misfit
from bookings.domain.insights.report_content import GROUPINGS, ReportContent
from bookings.domain.practice.practice import LanguageCode
from bookings.domain.reporting.conversion_report import ReportDays, conversion_report
from bookings.domain.reporting.tally import Tally
from bookings.reports.report_page import ReportPage
from tests.support.builders import NOW, a_cohort, a_misfit, a_practice, a_practitioner, a_slot

DAYS = ReportDays(date(2026, 7, 1), date(2026, 7, 31))


def page(misfits: Sequence[Misfit], language: LanguageCode = "en") -> str:
    practice = a_practice(language=language, practitioners=(a_practitioner("prov_a", name="Dr Roy & Sons"),))
    tallies = [
        Tally(a_cohort(weekday=2, hour=15, service_id=""), {"received": 9, "status_accepted": 9}),
        Tally(a_cohort(weekday=4, hour=9, practitioner_id="prov_b"), {"received": 300, "status_accepted": 300}),
    ]
    shown = FindingsOfPeriod(practice, *DAYS, detect_findings(tallies, misfits, ()))
    parts = ReportContent(
        {by: conversion_report(practice, DAYS, by, tallies, DAYS.last) for by in GROUPINGS},
        count_causes(misfits),
        shown,
    )
    return ReportPage(practice).page(parts, NOW)


def moved(number: int = 7) -> list[Misfit]:
    slot = a_slot("2026-07-14T15:00", 30, practitioner_id="prov_a")
    return [a_misfit(requested=slot, cause=Cause.SLOT_TAKEN) for _ in range(number)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            (
                "Tuesdays 15:00, Dr Roy &amp; Sons: 7 of 9 did not fit – time already taken; usually 30 min earlier.",
                "Block 15:00–15:30 for online booking there.",
                "likely 45 to 94 % of such requests",
                "Why requests did not fit",
            ),
        ),
        (
            "fr",
            (
                "Le mardi 15:00, Dr Roy &amp; Sons\N{NO-BREAK SPACE}: 7 sur 9 ne convenaient pas – moment déjà pris",
                "; d’habitude 30 min plus tôt.",
                "Bloquer 15:00–15:30 pour les demandes en ligne.",
                "sans doute 45 à 94\N{NO-BREAK SPACE}%",
                "Pourquoi des demandes ne convenaient pas",
            ),
        ),
    ],
)
def test_a_finding_is_written_with_its_interval_and_recommended_fix(
    language: LanguageCode, sentences: tuple[str, ...]
) -> None:
    text = page(moved(), language)
    for sentence in sentences:
        assert sentence in text


def test_a_practice_without_findings_says_so() -> None:
    assert "Nothing repeats itself often enough to be more than chance." in page(moved(2))
