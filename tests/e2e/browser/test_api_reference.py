"""The API reference and the landing page in a real browser."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from deploy.page_response_headers import API_DOCUMENT
from tests.e2e.browser.visit import Visit
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e
Visits = Callable[..., Visit]

WIDTHS = (360, 1440)
OPERATIONS = [
    operation for path in json.loads(API_DOCUMENT.read_text())["paths"].values() for operation in path.values()
]
SUMMARIES = {operation["operationId"]: operation["summary"] for operation in OPERATIONS}

RENDER_TIMEOUT = 45_000
"""In milliseconds. The library has 4 MB of scripts and renders the whole document, on two cores that tests share."""


def test_the_sidebar_lists_every_operation(visits: Visits) -> None:
    page = visits(width=1440).page
    _opens(page, "/docs")
    for summary in SUMMARIES.values():
        expect(page.get_by_role("link", name=re.compile(f"^{re.escape(summary)}"))).to_be_visible()


def test_the_search_finds_an_operation_by_the_name_of_a_field(visits: Visits) -> None:
    page = visits(width=1440).page
    _opens(page, "/docs")
    page.get_by_role("button", name="Search").first.click()
    page.get_by_role("combobox").fill("different_appointment")
    page.get_by_role("option", name=SUMMARIES["accept_request"]).click()
    expect(_heading(page, "accept_request")).to_be_in_viewport()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_deep_link_shows_its_operation_on_a_page_that_fits_and_is_accessible(visits: Visits, width: int) -> None:
    visit = visits(width=width)
    _opens(visit.page, "/docs/#tag/staff/accept_request")
    expect(_heading(visit.page, "accept_request")).to_be_in_viewport()
    visit.fits_the_width()
    visit.is_accessible()


def test_the_licences_of_the_libraries_are_served_with_them(stage: Stage) -> None:
    licences = stage.door.get("/vendor/licenses.txt").raise_for_status().text
    assert "@scalar/api-reference" in licences
    assert "Permission is hereby granted" in licences


@pytest.mark.parametrize("width", WIDTHS)
def test_the_landing_page_fits_and_is_accessible(visits: Visits, width: int) -> None:
    visit = visits(width=width)
    visit.page.goto("/")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Chairlink")
    visit.fits_the_width()
    visit.is_accessible()


def test_every_link_of_the_landing_page_works(stage: Stage, visits: Visits) -> None:
    page = visits().page
    page.goto("/")
    links = [str(link.get_attribute("href")) for link in page.get_by_role("link").all()]
    assert {"/console/", "/docs/", "/local/inbox", f"/book/{stage.harbour['practice_id']}"} <= set(links)
    assert {link: stage.door.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def _opens(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=RENDER_TIMEOUT)


def _heading(page: Page, operation_id: str) -> Locator:
    return page.get_by_role("heading", name=SUMMARIES[operation_id], exact=True)
