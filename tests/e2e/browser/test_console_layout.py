"""Layout at three widths, accessibility, browser storage and script size of the console."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.actors import appointment_event, next_15_july
from tests.e2e.browser.console import Console
from tests.e2e.browser.visit import Visit
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

WIDTHS = (360, 768, 1440)
SCRIPT_LIMIT = 200_000
"""Most bytes of scripts, gzipped: the whole console with the calendar."""


@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_fits_and_is_accessible(stage: Stage, visits: Callable[..., Visit], width: int) -> None:
    patient, day = stage.patient(stage.harbour), next_15_july()
    stage.agent(stage.harbour).send_events(appointment_event(patient, f"{day}T08:00:00", chair_id="chair_1"))
    patient.submit(f"{day}T08:00:00", chair_id="chair_1")
    visit = visits(width=width, height=900)
    console = Console(visit, stage.harbour, role="manager")

    def check_layout() -> None:
        visit.fits_the_width()
        visit.is_accessible()

    row = console.row(patient.name)
    check_layout()
    row.get_by_role("button", name="Accept").click()
    expect(console.pop_up.get_by_role("button", name="Connect Appointment")).to_be_visible()
    expect(console.pop_up.locator(".ec .in-the-way").first).to_be_visible()
    check_layout()
    console.press("Escape")
    row.get_by_role("button", name="Reject").click()
    check_layout()
    console.press("Escape")
    row.get_by_role("link").click()
    expect(console.page.locator(".history li")).to_have_count(1)
    check_layout()
    console.page.get_by_role("link", name="Schedule").click()
    expect(console.page.locator(".ec")).to_be_visible()
    check_layout()
    console.page.get_by_role("link", name="Report").click()
    expect(console.page.locator(".figures tbody tr").first).to_be_visible()
    check_layout()
    console.page.get_by_role("link", name="Settings").click()
    check_layout()


def test_the_sign_in_is_accessible(stage: Stage, visits: Callable[..., Visit]) -> None:
    visit = visits(width=360)
    visit.page.goto("/console/")
    expect(visit.page.get_by_role("radio").first).to_be_visible()
    visit.fits_the_width()
    visit.is_accessible()


def test_it_speaks_french(stage: Stage, visits: Callable[..., Visit]) -> None:
    visit = visits(locale="fr-CA")
    visit.page.goto("/console/")
    visit.page.get_by_label("Clinique Saint-Laurent").check()
    visit.page.get_by_role("button", name="Se connecter").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Demandes")
    expect(visit.page.locator("html")).to_have_attribute("lang", "fr")
    visit.is_accessible()


def test_nothing_is_stored_in_the_browser_and_no_name_is_in_a_url(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    patient.submit(f"{next_15_july()}T09:00:00")
    visit = visits()
    asked_for: list[str] = []
    visit.context.on("request", lambda request: asked_for.append(request.url))
    console = Console(visit, stage.harbour)
    console.row(patient.name).get_by_role("link").click()
    expect(console.page.locator(".history li")).to_have_count(1)

    assert visit.storage() == {"local": {}, "session": {}, "cookies": ""}
    assert not [url for url in [*asked_for, visit.page.url] if patient.name.lower() in url.lower()]
    visit.page.reload()
    expect(visit.page.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_scripts_are_small(stage: Stage, visits: Callable[..., Visit]) -> None:
    visit = visits()
    console = Console(visit, stage.harbour)
    expect(console.page.locator(".row").first).to_be_visible()
    assert visit.script_bytes < SCRIPT_LIMIT, visit.script_bytes
