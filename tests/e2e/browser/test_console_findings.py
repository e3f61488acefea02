"""The findings, as the front desk and managers see them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.actors import next_15_july
from tests.e2e.browser.console import Console
from tests.e2e.browser.visit import Visit
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

EVENING = next_15_july() + timedelta(weeks=2)
MISFITS = 12


@pytest.fixture(scope="module")
def names(stage: Stage) -> list[str]:
    """Patients whose requests for an hour outside the opening hours were rejected."""
    desk, practitioner = stage.front_desk(stage.harbour), stage.harbour["practitioners"][0]["id"]
    rejected_names = []
    for _ in range(MISFITS):
        patient = stage.patient(stage.harbour)
        asked = patient.submit(f"{EVENING}T20:00:00", practitioner_id=practitioner)
        rejected = desk.decide("reject", asked["id"], {"reason": "no_opening", "notify": False})
        assert rejected.status_code == 200, rejected.text
        rejected_names.append(patient.name)
    return rejected_names


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_finding_shows_counts_confidence_and_a_suggestion(
    stage: Stage, visits: Callable[..., Visit], names: list[str], width: int
) -> None:
    visit = visits(width=width, height=900)
    console = Console(visit, stage.harbour, path="findings")
    finding = console.page.locator(".found > li").filter(has_text="outside opening hours")
    expect(finding).to_contain_text(f"{MISFITS} of {MISFITS} did not fit")
    expect(finding).to_contain_text("95% sure")
    expect(finding).to_contain_text("Offer online only the hours that are really worked")
    visit.fits_the_width()
    finding.get_by_text(f"Show the {MISFITS} requests").click()
    expect(finding.get_by_role("listitem")).to_have_count(10)
    finding.get_by_role("button", name="Show more").click()
    expect(finding.get_by_role("listitem")).to_have_count(MISFITS)
    for name in names:
        expect(finding).to_contain_text(name)
    visit.fits_the_width()
    visit.is_accessible()


def test_a_finding_is_marked_as_handled_by_keyboard(
    stage: Stage, visits: Callable[..., Visit], names: list[str]
) -> None:
    assert names
    visit = visits()
    visit.expects("net::ERR")
    console = Console(visit, stage.harbour)
    expect(console.page.locator(".row").first).to_be_visible()
    console.press("f")
    finding = console.page.locator(".found > li").filter(has_text="outside opening hours")
    expect(finding).to_be_visible()
    console.page.route("**/handle?*", lambda route: route.abort("connectionreset"), times=1)
    console.go_to(finding.get_by_role("button", name="Mark as handled"))
    console.press("Enter")
    expect(finding.get_by_role("alert")).to_contain_text("Nothing is lost")
    console.go_to(finding.get_by_role("button", name="Try again"))
    console.press("Enter")
    expect(console.toast).to_contain_text("Handled")
    expect(console.page.get_by_role("heading", name="Recurring problems")).to_be_focused()
    expect(finding).to_have_count(0)
    console.page.get_by_text("Already handled (1)").click()
    expect(console.page.get_by_text("by you")).to_be_visible()


def test_a_practice_without_findings_says_so_in_french(stage: Stage, visits: Callable[..., Visit]) -> None:
    visit = visits(width=360, locale="fr-CA")
    visit.page.goto("/console/findings")
    visit.page.get_by_label("Clinique Saint-Laurent").check()
    visit.page.get_by_role("button", name="Se connecter").click()
    expect(visit.page.get_by_text("Aucun problème ne revient assez souvent")).to_be_visible()
    visit.fits_the_width()
    visit.is_accessible()


def test_the_report_shows_the_findings_of_its_period(stage: Stage, visits: Callable[..., Visit]) -> None:
    console = Console(visits(), stage.harbour, role="manager", path="report")
    expect(console.page.get_by_role("region", name="Recurring problems")).to_contain_text(
        "decided requests did not fit"
    )
