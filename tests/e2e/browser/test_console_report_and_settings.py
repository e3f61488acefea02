"""The report and the settings, used by a manager."""

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.actors import eventually, next_15_july
from tests.e2e.browser.console import Console
from tests.e2e.browser.visit import Visit
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

DAY = next_15_july() + timedelta(weeks=1)  # one week after the days that the HTTP tests use


def test_every_count_of_the_report_leads_to_the_requests_behind_it(stage: Stage, visits: Callable[..., Visit]) -> None:
    source = f"s{uuid4().hex[:8]}"
    desk, patient = stage.front_desk(stage.harbour), stage.patient(stage.harbour)
    wishes = [patient.submit(f"{DAY}T{hour}:00:00", source=source) for hour in (13, 14, 15)]
    for one, reason in zip(wishes[:2], ("spam", "no_opening"), strict=True):
        assert desk.decide("reject", one["id"], {"reason": reason, "notify": False}).status_code == 200
    console = Console(visits(), stage.harbour, role="manager", path="report")

    group = console.page.locator(".figures tr").filter(has_text=source.capitalize())
    expect(group.get_by_role("cell")).to_have_text(["3", "0", "1", "2", "0", "0", "0%"])
    group.get_by_role("button", name="Rejected: 2").click()
    drill_down = console.page.locator(".drill-down")
    expect(drill_down.get_by_role("heading")).to_be_focused()
    expect(drill_down.locator("li")).to_have_count(2)
    expect(drill_down).to_contain_text("No opening")
    expect(console.page.locator("canvas")).to_have_attribute("role", "img")


def test_the_report_is_downloaded_as_csv(stage: Stage, visits: Callable[..., Visit], tmp_path: Path) -> None:
    console = Console(visits(), stage.harbour, role="manager", path="report")
    expect(console.page.locator(".cards")).to_be_visible()
    with console.page.expect_download() as saved:
        console.page.get_by_role("button", name="Download CSV").click()
    saved.value.save_as(tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig") as table:
        lines = list(csv.DictReader(table))
    assert lines
    assert int(lines[0]["received"]) >= 1


def test_scheduled_reports_are_listed_with_their_links(stage: Stage, visits: Callable[..., Visit]) -> None:
    stage.door.post("/local/run/enqueue_due_reports").raise_for_status()
    manager = stage.manager(stage.harbour)
    made = eventually(lambda: manager.get("/reports").json()["items"], "a generated report", timeout_seconds=60)
    console = Console(visits(), stage.harbour, role="manager", path="report")
    listed = console.page.get_by_role("region", name="Scheduled reports").get_by_role("listitem")
    expect(listed.first).to_contain_text(f"{made[0]['headline']['received']} received")
    links = [link.get_attribute("href") for link in listed.first.get_by_role("link").all()]
    assert [httpx.get(link or "").status_code for link in links] == [200, 200, 200]


def test_a_manager_changes_the_settings(stage: Stage, visits: Callable[..., Visit]) -> None:
    visit = visits()
    visit.expects("422")
    console = Console(visit, stage.saint_laurent, role="manager", path="settings")
    phone = console.page.get_by_label("Phone")
    target = console.page.get_by_label("Decide within")
    phone.fill("+15145550199")
    target.fill("1")
    console.page.get_by_role("button", name="Save").click()
    expect(target).to_have_attribute("aria-invalid", "true")
    target.fill("")
    console.page.get_by_role("button", name="Try again").click()
    expect(console.toast).to_contain_text("Saved")
    manager = stage.manager(stage.saint_laurent)  # other functions keep the practice for a second
    assert eventually(lambda: manager.get().json()["phone"] == "+15145550199", "the new number")


def test_the_front_desk_sees_neither_report_nor_settings(stage: Stage, visits: Callable[..., Visit]) -> None:
    console = Console(visits(), stage.harbour, path="report")
    expect(console.page.get_by_role("heading", level=1)).to_have_text("Page not found")
    expect(console.page.get_by_role("link", name="Report")).to_have_count(0)
