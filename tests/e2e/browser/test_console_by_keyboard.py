"""Decisions by keyboard only."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.actors import appointment_event, next_15_july
from tests.e2e.browser.console import Console
from tests.e2e.browser.visit import Visit
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

DAY = next_15_july() + timedelta(weeks=1)  # one week after the days that the HTTP tests use


def test_a_request_is_moved_and_the_move_undone(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    asked = patient.submit(f"{DAY}T15:30:00", chair_id="chair_1")
    console = Console(visits(), stage.harbour)
    console.find(patient.name)
    console.press("a")
    expect(console.pop_up.locator(".ec .wanted")).to_be_visible()

    console.go_to(console.pop_up.get_by_label("Time"))
    console.page.keyboard.type("0400PM")
    console.go_to(console.pop_up.get_by_label("Chair"))
    console.page.keyboard.type("Chair 4")
    console.press("Control+Enter")
    expect(console.toast).to_contain_text("is booked")
    accepted = stage.front_desk(stage.harbour).request(asked["id"])
    assert accepted["accepted"]["start"] == f"{DAY}T16:00:00-07:00"
    assert accepted["accepted"]["chair_id"] == "chair_4"

    console.go_to(console.toast.get_by_role("button", name="Undo"))
    console.press("Enter")
    expect(console.toast).to_contain_text("is pending again")
    assert stage.front_desk(stage.harbour).request(asked["id"])["status"] == "pending"


def test_a_patient_who_is_booked_already_is_connected(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    stage.agent(stage.harbour).send_events(appointment_event(patient, f"{DAY}T08:30:00"))
    asked = patient.submit(f"{DAY}T16:00:00")
    console = Console(visits(), stage.harbour)
    console.find(patient.name)
    console.press("a")
    connect = console.pop_up.get_by_role("button", name="Connect Appointment")
    expect(connect).to_be_visible()
    console.go_to(connect)
    console.press("Enter")
    expect(console.toast).to_contain_text("is connected")
    assert stage.front_desk(stage.harbour).request(asked["id"])["resolution"] == "linked"


def test_on_dentrix_the_appointment_is_connected_once_it_is_there(stage: Stage, visits: Callable[..., Visit]) -> None:
    practice = stage.saint_laurent
    patient, day = stage.patient(practice), next_15_july((1, 2, 4))
    asked = patient.submit(f"{day}T15:00:00")
    console = Console(visits(), practice)
    console.find(patient.name)
    console.press("a")
    expect(console.pop_up.get_by_text("No appointment of this patient")).to_be_visible()
    stage.agent(practice).send_events(appointment_event(patient, f"{day}T09:00:00"))
    console.go_to(console.pop_up.get_by_role("button", name="Try again"))
    console.press("Enter")
    connect = console.pop_up.get_by_role("button", name="Connect Appointment")
    expect(connect).to_be_visible()
    console.go_to(connect, "Shift+Tab")
    console.press("Enter")
    expect(console.toast).to_contain_text("is connected")
    assert stage.front_desk(practice).request(asked["id"])["resolution"] == "linked"


def test_a_request_is_rejected_and_the_next_row_has_the_focus(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    asked = patient.submit(f"{DAY}T13:00:00")
    later = patient.submit(f"{DAY}T13:30:00")
    console = Console(visits(), stage.harbour)
    rows = console.page.locator(".row").filter(has_text=patient.name)
    expect(console.page.locator(".row").first).to_be_visible()
    console.page.locator("body").press("/")
    console.page.keyboard.type(patient.name)
    expect(rows).to_have_count(2)
    console.go_to(rows.first.get_by_role("link"))
    console.press("ArrowDown", "ArrowUp", "r")
    console.go_to(console.pop_up.get_by_label("No opening"))
    console.press("ArrowDown", "Enter")
    expect(console.toast).to_contain_text("is rejected")
    expect(rows).to_have_count(1)
    expect(rows.first.get_by_role("link")).to_be_focused()
    desk = stage.front_desk(stage.harbour)
    assert desk.request(asked["id"])["decision"]["reason"] == "duplicate"

    console.press("u")
    expect(rows).to_have_count(2)
    assert {desk.request(one["id"])["status"] for one in (asked, later)} == {"pending"}


def test_shortcuts_are_listed_and_can_be_switched_off(stage: Stage, visits: Callable[..., Visit]) -> None:
    console = Console(visits(), stage.harbour)
    expect(console.page.locator(".row").first).to_be_visible()
    console.page.locator("body").press("?")
    expect(console.pop_up).to_contain_text("undo the latest decision")
    console.go_to(console.pop_up.get_by_role("checkbox"))
    console.press("Space", "Escape")
    expect(console.pop_up).to_have_count(0)
    console.press("s")
    expect(console.page.get_by_role("heading", level=1)).to_have_text("Requests")
