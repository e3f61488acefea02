"""Two users at one request, lost responses and slow networks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.actors import appointment_event, next_15_july
from tests.e2e.browser.console import Console
from tests.e2e.browser.visit import Visit
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

DAY = next_15_july() + timedelta(weeks=1)  # one week after the days that the HTTP tests use


def test_of_two_browsers_one_decides_and_the_other_sees_who_did(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    asked = patient.submit(f"{DAY}T12:00:00", chair_id="chair_1")
    quick, slow = visits(), visits()
    slow.expects("409")
    slow.expects("412")
    first, second = Console(quick, stage.harbour), Console(slow, stage.harbour, role="manager")
    for console in (first, second):
        pop_up = console.open("Reject", patient.name)
        pop_up.get_by_label("Spam").check()
    first.pop_up.get_by_role("button", name="Reject").click()
    expect(first.toast).to_contain_text("is rejected")
    if second.pop_up.get_by_role("button", name="Reject").is_visible():
        second.pop_up.get_by_role("button", name="Reject").click()

    expect(second.pop_up).to_contain_text("Already rejected by Robin Fraser")
    second.pop_up.get_by_role("button", name="OK", exact=True).click()
    expect(second.page.locator(".row")).to_have_count(0)
    assert stage.front_desk(stage.harbour).request(asked["id"])["revision"] == 2


def test_a_colleagues_decision_shows_in_an_open_dialog(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    asked = patient.submit(f"{DAY}T09:30:00", chair_id="chair_2", duration_minutes=15)
    console = Console(visits(), stage.harbour)
    console.open("Accept", patient.name)
    manager = stage.manager(stage.harbour)
    assert manager.decide("accept", asked["id"], {"notify": False, "chair_id": "chair_3"}).status_code == 200
    expect(console.pop_up).to_contain_text("Already accepted by Morgan Tremblay")


def test_an_override_reason_does_not_apply_after_the_time_was_changed(
    stage: Stage, visits: Callable[..., Visit]
) -> None:
    booked, late, quick = (stage.patient(stage.harbour) for _ in range(3))
    day = DAY + timedelta(weeks=2)
    event = appointment_event(booked, f"{day}T15:00:00", chair_id="chair_2", duration_minutes=60)
    stage.agent(stage.harbour).send_events(event)
    asked = late.submit(f"{day}T15:00:00", chair_id="chair_2", duration_minutes=30)
    asked_too = quick.submit(f"{day}T14:30:00", chair_id="chair_2", duration_minutes=30)
    visit = visits()
    visit.expects("409")
    console = Console(visit, stage.harbour)

    pop_up = console.open("Accept", late.name)
    expect(pop_up.get_by_text("Chair 2 is taken")).to_be_visible()
    pop_up.get_by_label("Book anyway").fill("Two in one chair, just this once")
    visit.page.route("**/schedule?*", lambda _: None)  # so that the colleague's booking does not show here
    pop_up.get_by_label("Time").fill("14:30")
    expect(pop_up.get_by_text("No conflicts")).to_be_visible()
    colleague = stage.front_desk(stage.harbour)
    assert colleague.decide("accept", asked_too["id"], {"notify": False}).status_code == 200
    pop_up.get_by_role("button", name="Accept", exact=True).click()
    expect(pop_up.locator("#obstacles")).to_contain_text("Chair 2 is taken (2:30")
    expect(pop_up.get_by_label("Book anyway")).to_have_value("")

    pop_up.get_by_label("Time").fill("14:00")
    expect(pop_up.get_by_text("No conflicts")).to_be_visible()
    pop_up.get_by_role("button", name="Accept", exact=True).click()
    expect(console.toast).to_contain_text("is booked")
    accepted = colleague.request(asked["id"])
    assert accepted["accepted"]["start"] == f"{day}T14:00:00-07:00"
    assert accepted["decision"]["override_reason"] is None


def test_the_queue_is_live(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    console = Console(visits(), stage.harbour)
    console.page.get_by_role("searchbox").fill(patient.name)
    expect(console.page.get_by_text("No requests match")).to_be_visible()
    asked = patient.submit(f"{DAY}T09:00:00")
    expect(console.page.locator(".row")).to_have_count(1)
    stage.front_desk(stage.harbour).decide("reject", asked["id"], {"reason": "other", "notify": False})
    expect(console.page.locator(".row")).to_have_count(0)


def test_a_retry_after_a_lost_response_decides_only_once(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    asked = patient.submit(f"{DAY}T10:30:00", chair_id="chair_4", duration_minutes=15)
    visit = visits()
    visit.expects("net::ERR")
    console = Console(visit, stage.harbour)
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        lost.append(route.request.headers["idempotency-key"])
        if len(lost) > 1:
            route.continue_()
            return
        route.fetch()  # the decision is stored, the response is lost
        route.abort("connectionreset")

    visit.page.route("**/accept", lose_the_first_answer)
    pop_up = console.open("Accept", patient.name)
    pop_up.get_by_label("No e-mail").check()
    visit.page.route(f"**/requests/{asked['id']}", lambda route: route.abort("internetdisconnected"))
    pop_up.get_by_role("button", name="Accept", exact=True).click()
    expect(pop_up.get_by_text("Nothing is lost: try again")).to_be_visible()
    expect(pop_up.get_by_label("No e-mail")).to_be_checked()
    pop_up.get_by_role("button", name="Try again").click()

    expect(console.toast).to_contain_text("is booked")
    assert len(lost) == 2
    assert len(set(lost)) == 1
    assert stage.front_desk(stage.harbour).request(asked["id"])["revision"] == 2


def test_a_lost_network_is_reported_and_the_queue_recovers(stage: Stage, visits: Callable[..., Visit]) -> None:
    visit = visits()
    visit.expects("net::ERR")
    console = Console(visit, stage.harbour)
    expect(console.page.locator(".row").first).to_be_visible()
    visit.context.set_offline(True)
    expect(console.page.get_by_role("alert")).to_contain_text("No connection")
    expect(console.page.locator(".row").first).to_be_visible()
    visit.context.set_offline(False)
    expect(console.page.get_by_role("alert")).to_have_count(0)


def test_on_a_slow_network_a_second_click_does_nothing(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    patient.submit(f"{DAY}T14:00:00")
    visit = visits()
    console = Console(visit, stage.harbour)
    held: list[Route] = []

    def hold(route: Route) -> None:  # Playwright sets an attribute on the handler; `held.append` allows none
        held.append(route)

    visit.page.route("**/reject", hold)
    pop_up = console.open("Reject", patient.name)
    pop_up.get_by_label("Spam").check()
    pop_up.get_by_role("button", name="Reject").click()
    expect(pop_up.get_by_role("button", name="One moment")).to_be_visible()
    pop_up.get_by_role("button", name="One moment").click(force=True)
    (only,) = held
    only.continue_()
    expect(console.toast).to_contain_text("is rejected")
    assert held == [only]
