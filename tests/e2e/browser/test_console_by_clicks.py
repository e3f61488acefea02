"""Decisions by mouse: move, override, link, Dentrix, reject and undo."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.actors import Patient, appointment_event, next_15_july
from tests.e2e.browser.console import Console
from tests.e2e.browser.visit import Visit
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

DAY = next_15_july() + timedelta(weeks=1)  # one week after the days that the HTTP tests use


def test_a_request_moved_to_another_time_and_chair_is_booked_and_e_mailed(
    stage: Stage, visits: Callable[..., Visit]
) -> None:
    patient, person = stage.patient(stage.harbour), stage.harbour["practitioners"][0]
    asked = patient.submit(f"{DAY}T15:00:00", practitioner_id=person["id"], chair_id="chair_1")
    console = Console(visits(), stage.harbour)

    pop_up = console.open("Accept", patient.name)
    expect(pop_up.locator(".ec .wanted")).to_contain_text(patient.name)
    expect(pop_up.get_by_label("Yes, to")).to_be_checked()
    pop_up.get_by_label("Time").fill("14:30")
    pop_up.get_by_label("Chair").select_option(label="Chair 2")
    expect(pop_up.get_by_text("changed")).to_have_count(2)
    expect(pop_up.get_by_text("No conflicts")).to_be_visible()
    pop_up.get_by_text("Preview the e-mail").click()
    expect(pop_up.locator(".preview pre")).to_contain_text("2:30 PM")
    seen = pop_up.locator(".preview pre").inner_text()
    pop_up.get_by_role("button", name="Accept", exact=True).click()

    expect(console.toast).to_contain_text(f"Jane {patient.name} is booked")
    expect(console.page.locator(".row")).to_have_count(0)
    accepted = stage.front_desk(stage.harbour).request(asked["id"])
    assert (accepted["resolution"], accepted["accepted"]["chair_id"]) == ("with_changes", "chair_2")
    assert accepted["accepted"]["start"] == f"{DAY}T14:30:00-07:00"
    assert stage.only_email_to(patient.email)["text"].split() == seen.split()


def test_a_request_is_dragged_to_another_chair_and_pulled_longer(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    patient.submit(f"{DAY}T10:00:00", chair_id="chair_1")
    console = Console(visits(width=1440, height=1000), stage.harbour)
    pop_up = console.open("Accept", patient.name)
    wanted = pop_up.locator(".ec .wanted")
    expect(wanted).to_be_visible()

    there = pop_up.locator(".ec-body .ec-day").nth(2)
    where, column = wanted.bounding_box(), there.bounding_box()
    assert where
    assert column
    mouse = console.page.mouse
    mouse.move(where["x"] + 20, where["y"] + 10)
    mouse.down()
    mouse.move(column["x"] + 30, where["y"] + 10, steps=8)
    mouse.up()
    expect(pop_up.get_by_label("Chair")).to_have_value("chair_3")
    expect(pop_up.get_by_label("Time")).to_have_value("10:00")

    wanted.hover()
    end = wanted.locator(".ec-resizer").bounding_box()
    assert end
    mouse.move(end["x"] + 20, end["y"] + end["height"] / 2)
    mouse.down()
    mouse.move(end["x"] + 20, end["y"] + end["height"] / 2 + 34, steps=8)
    mouse.up()
    expect(pop_up.get_by_label("Minutes")).to_have_value("90")


def test_conflicts_are_marked_and_the_nearest_opening_is_one_click_away(
    stage: Stage, visits: Callable[..., Visit]
) -> None:
    first, second = stage.patient(stage.harbour), stage.patient(stage.harbour)
    other_day = f"{DAY.replace(day=DAY.day + 1)}"
    start = f"{other_day}T09:00:00" if DAY.isoweekday() < 5 else f"{DAY}T09:00:00"
    event = appointment_event(first, start, chair_id="chair_4", duration_minutes=60)
    stage.agent(stage.harbour).send_events(event)
    asked = second.submit(start, chair_id="chair_4")
    console = Console(visits(), stage.harbour)

    pop_up = console.open("Accept", second.name)
    expect(pop_up.locator(".ec .in-the-way")).to_contain_text(first.name)
    expect(pop_up.get_by_text("Chair 4 is taken")).to_be_visible()
    pop_up.locator(".openings button").first.click()
    expect(pop_up.locator(".ec .in-the-way")).to_have_count(0)
    pop_up.get_by_role("button", name="Accept", exact=True).click()

    expect(console.toast).to_contain_text("is booked")
    accepted = stage.front_desk(stage.harbour).request(asked["id"])
    assert accepted["resolution"] == "with_changes"


def test_a_visit_across_two_adjacent_opening_intervals_has_no_conflict(
    stage: Stage, visits: Callable[..., Visit]
) -> None:
    patient = stage.patient(stage.harbour)
    patient.submit(f"{DAY + timedelta(weeks=3)}T09:30:00", chair_id="chair_3")
    visit, ten = visits(), "10:00:00"

    def seam_at_ten(route: Route) -> None:
        answer = route.fetch()
        practice = answer.json()
        whole = [one for one in practice["hours"]["weekly"] if one["start"] < ten < one["end"]]
        practice["hours"]["weekly"] = [{**one, **half} for one in whole for half in ({"end": ten}, {"start": ten})]
        route.fulfill(response=answer, json=practice)

    visit.page.route(f"**/v1/practices/{stage.harbour['practice_id']}", seam_at_ten)
    console = Console(visit, stage.harbour)
    pop_up = console.open("Accept", patient.name)
    expect(pop_up.locator(".ec .wanted")).to_be_visible()  # before the day is loaded, no conflicts are known
    expect(pop_up.get_by_text("No conflicts")).to_be_visible()
    pop_up.get_by_label("Time").fill("11:30")
    expect(pop_up.get_by_text("The practice is closed")).to_be_visible()


def test_a_conflict_is_overridden_with_a_reason_that_the_decision_keeps(
    stage: Stage, visits: Callable[..., Visit]
) -> None:
    patient = stage.patient(stage.harbour)
    asked = patient.submit(f"{DAY}T19:00:00")
    visit = visits()
    visit.expects("409")
    console = Console(visit, stage.harbour)

    pop_up = console.open("Accept", patient.name)
    expect(pop_up.get_by_text("The practice is closed")).to_be_visible()
    pop_up.get_by_role("button", name="Accept", exact=True).click()
    expect(pop_up.locator("#obstacles")).to_be_focused()
    pop_up.get_by_label("Book anyway").fill("We stay late for this one")
    pop_up.get_by_role("button", name="Accept anyway").click()

    expect(console.toast).to_contain_text("is booked")
    decision = stage.front_desk(stage.harbour).request(asked["id"])["decision"]
    assert decision["override_reason"] == "We stay late for this one"


def test_a_patient_who_is_booked_already_is_connected(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    stage.agent(stage.harbour).send_events(appointment_event(patient, f"{DAY}T08:00:00"))
    asked = patient.submit(f"{DAY}T11:00:00")
    console = Console(visits(), stage.harbour)

    pop_up = console.open("Accept", patient.name)
    expect(pop_up.get_by_text("Could this be the same appointment?")).to_be_visible()
    pop_up.get_by_role("button", name="Accept", exact=True).click()
    expect(pop_up.locator("#same-appointment")).to_be_focused()
    expect(pop_up.locator(".compare .differs")).to_contain_text(["Time"])
    pop_up.get_by_role("button", name="Connect Appointment").click()

    expect(console.toast).to_contain_text("is connected")
    assert stage.front_desk(stage.harbour).request(asked["id"])["resolution"] == "linked"
    assert "8:00" in stage.only_email_to(patient.email)["text"]


def test_a_different_appointment_is_booked_beside_the_existing_one(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    stage.agent(stage.harbour).send_events(appointment_event(patient, f"{DAY}T08:00:00"))
    asked = patient.submit(f"{DAY}T11:30:00", duration_minutes=30)
    console = Console(visits(), stage.harbour)

    pop_up = console.open("Accept", patient.name)
    pop_up.get_by_label("No, this is a different appointment").check()
    pop_up.get_by_label("No e-mail").check()
    pop_up.get_by_role("button", name="Accept", exact=True).click()

    expect(console.toast).to_contain_text("is booked")
    assert stage.front_desk(stage.harbour).request(asked["id"])["resolution"] == "as_requested"
    assert stage.emails_to(patient.email) == []


def test_on_dentrix_a_request_can_only_be_linked(stage: Stage, visits: Callable[..., Visit]) -> None:
    practice = stage.saint_laurent
    patient, day = stage.patient(practice), next_15_july((1, 2, 4))
    asked = patient.submit(f"{day}T15:00:00")
    console = Console(visits(), practice)

    expect(console.page.get_by_role("button", name="Accept")).to_have_count(0)
    pop_up = console.open("Connect", patient.name)
    expect(pop_up.get_by_text("No appointment of this patient")).to_be_visible()
    stage.agent(practice).send_events(appointment_event(patient, f"{day}T09:00:00"))
    pop_up.get_by_role("button", name="Try again").click()
    pop_up.get_by_role("button", name="Connect Appointment").click()

    expect(console.toast).to_contain_text("is connected")
    assert stage.front_desk(practice).request(asked["id"])["resolution"] == "linked"


def test_on_dentrix_a_watched_request_is_linked_when_the_appointment_arrives(
    stage: Stage, visits: Callable[..., Visit]
) -> None:
    practice = stage.saint_laurent
    patient, day = stage.patient(practice), next_15_july((1, 2, 4))
    asked = patient.submit(f"{day}T16:00:00")
    console = Console(visits(), practice)

    pop_up = console.open("Connect", patient.name)
    pop_up.get_by_role("button", name="I’ll do this later").click()
    expect(console.toast).to_contain_text("Set aside")
    expect(console.row(patient.name)).to_contain_text("Set aside")
    stage.agent(practice).send_events(appointment_event(patient, f"{day}T09:30:00"))

    expect(console.page.locator(".row")).to_have_count(0)
    assert stage.front_desk(practice).request(asked["id"])["resolution"] == "auto_linked"


def test_a_rejection_has_a_reason_and_is_undone_with_one_click(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    asked = patient.submit(f"{DAY}T13:00:00")
    console = Console(visits(), stage.harbour)

    pop_up = console.open("Reject", patient.name)
    pop_up.get_by_role("button", name="Reject").click()
    expect(pop_up.get_by_text("Please choose a reason")).to_be_visible()
    pop_up.get_by_label("Not a patient of ours").check()
    pop_up.get_by_label("No e-mail").check()
    pop_up.get_by_role("button", name="Reject").click()
    expect(console.toast).to_contain_text("is rejected")
    assert stage.front_desk(stage.harbour).request(asked["id"])["decision"]["reason"] == "not_a_patient"

    console.toast.get_by_role("button", name="Undo").click()
    expect(console.toast).to_contain_text("is pending again")
    expect(console.page.locator(".row")).to_have_count(1)
    assert stage.front_desk(stage.harbour).request(asked["id"])["status"] == "pending"


def test_the_queue_shows_due_times_and_can_be_sorted_by_them(stage: Stage, visits: Callable[..., Visit]) -> None:
    later, sooner = stage.patient(stage.harbour), stage.patient(stage.harbour)
    for patient, hour in ((sooner, 16), (later, 15)):
        patient.submit(f"{DAY}T{hour}:30:00", duration_minutes=15)
    visit = visits()

    def hours_later(route: Route) -> None:
        answer = route.fetch()
        page = answer.json()
        for one in page["items"]:
            if one["patient"]["last_name"] == sooner.name:
                one["answer_by"] = "2026-01-05T09:00:00-08:00"
        route.fulfill(response=answer, json=page)

    visit.page.route("**/requests?*", hours_later)  # the stack's clock cannot be set
    console = Console(visit, stage.harbour)
    console.page.get_by_label("Order").select_option(label="Answer due first")
    expect(console.page.locator(".row").first).to_contain_text(sooner.name)
    expect(console.page.locator(".row").first).to_contain_text("Overdue")
    expect(console.row(later.name)).to_contain_text("due in")


def test_a_cancelled_appointment_appears_under_needs_attention(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    event = appointment_event(patient, f"{DAY}T08:30:00")
    stage.agent(stage.harbour).send_events(event)
    asked = patient.submit(f"{DAY}T11:00:00")
    link = {"appointment_id": event["data"]["id"], "notify": False}
    assert stage.front_desk(stage.harbour).decide("link", asked["id"], link).status_code == 200
    stage.agent(stage.harbour).send_events(appointment_event(patient, f"{DAY}T08:30:00", version=2, status="cancelled"))
    console = Console(visits(), stage.harbour)

    view = console.page.get_by_role("button", name="Needs attention")
    expect(view.locator(".asking")).to_be_visible()
    view.click()
    row = console.row(patient.name)
    expect(row).to_contain_text("Cancelled in the practice software")
    row.get_by_role("link").click()
    console.page.get_by_role("button", name="Mark as seen").click()
    console.page.get_by_role("link", name="All requests").click()
    expect(console.page.locator(".row").filter(has_text=patient.name)).to_have_count(0)


def test_an_appointment_that_was_deleted_and_created_again_is_connected(
    stage: Stage, visits: Callable[..., Visit]
) -> None:
    patient, agent = stage.patient(stage.harbour), stage.agent(stage.harbour)
    event = appointment_event(patient, f"{DAY}T08:30:00")
    agent.send_events(event)
    asked = patient.submit(f"{DAY}T11:00:00")
    link = {"appointment_id": event["data"]["id"], "notify": True}
    assert stage.front_desk(stage.harbour).decide("link", asked["id"], link).status_code == 200
    stage.emails_to(patient.email, 1)
    deleted = {"type": "appointment.deleted", "version": 2, "data": {"id": event["data"]["id"]}}
    agent.send_events(deleted, appointment_event(patient, f"{DAY}T14:30:00", id=f"A-{patient.name}-again"))
    console = Console(visits(), stage.harbour)
    console.page.get_by_role("button", name="Needs attention").click()
    console.row(patient.name).get_by_role("link").click()
    notice = console.page.get_by_role("alert")
    expect(notice).to_contain_text("2:30")
    notice.get_by_role("button", name="Connect").click()
    console.pop_up.get_by_role("button", name="Connect Appointment").click()
    expect(console.toast).to_contain_text("connected")
    expect(console.page.get_by_role("alert")).to_have_count(0)
    assert "2:30" in stage.emails_to(patient.email, 2)[-1]["text"]


def test_the_latest_decision_is_listed_even_if_there_are_too_many(stage: Stage, visits: Callable[..., Visit]) -> None:
    last_day = DAY + timedelta(weeks=4)  # sorted by start it would come last
    for _ in range(6):
        patient = stage.patient(stage.harbour)
        asked = patient.submit(f"{last_day}T09:00:00")
        no = {"reason": "other", "notify": False}
        assert stage.front_desk(stage.harbour).decide("reject", asked["id"], no).status_code == 200
    visit = visits()
    one_a_page = re.compile(r"\blimit=\d+")  # so six requests are more than the console loads
    visit.page.route("**/requests?*", lambda route: route.continue_(url=one_a_page.sub("limit=1", route.request.url)))
    console = Console(visit, stage.harbour)
    console.page.get_by_role("button", name="Decided").click()
    expect(console.page.locator(".row")).to_have_count(5)
    expect(console.page.get_by_text("Only the latest 5 are shown.")).to_be_visible()
    expect(console.row(patient.name)).to_contain_text("Rejected")


def test_what_was_mistyped_is_corrected_on_the_request_page(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = stage.patient(stage.harbour)
    asked = patient.submit(f"{DAY}T10:30:00")
    visit = visits()
    visit.expects("422")
    console = Console(visit, stage.harbour)
    console.row(patient.name).get_by_role("link").click()
    page = console.page
    page.get_by_role("button", name="Correct", exact=True).click()
    console.pop_up.get_by_label("Phone").fill("555-0123")
    console.pop_up.get_by_role("button", name="Save").click()
    expect(console.pop_up.get_by_role("alert")).to_contain_text("area code")
    visit.is_accessible()
    console.pop_up.get_by_label("Phone").fill("604-555-0142 ext. 7")
    console.pop_up.get_by_label("E-mail").fill("corrected@example.com")
    expect(console.pop_up).to_contain_text("link with which the patient sees this request stops working")
    console.pop_up.get_by_role("button", name="Save").click()
    expect(console.toast).to_contain_text("are corrected")
    expect(page.locator(".facts")).to_contain_text("corrected@example.com")
    expect(page.locator(".history")).to_contain_text("Patient corrected")
    expect(page.locator(".history")).not_to_contain_text("corrected@example.com")
    assert stage.door.get(f"/v1/public/requests/{asked['manage_token']}").status_code == 404


def test_a_second_request_for_the_same_time_is_rejected_as_a_duplicate(
    stage: Stage, visits: Callable[..., Visit]
) -> None:
    patient = stage.patient(stage.harbour)
    first, second = (patient.submit(f"{DAY}T15:30:00") for _ in range(2))
    assert first["manage_token"] != second["manage_token"]
    visit = visits()
    console = Console(visit, stage.harbour)
    page = console.page
    page.get_by_role("searchbox").fill(patient.name)
    rows = page.locator(".row").filter(has_text=patient.name)
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="already has a pending request")).to_have_count(1)
    expect(rows.filter(has_text="1 other request of this patient")).to_have_count(1)
    rows.filter(has_text="already has a pending request").get_by_role("link").click()
    expect(page.locator(".sheet .notice")).to_contain_text("the same time and service")
    visit.is_accessible()
    page.get_by_role("button", name="Reject as duplicate").click()
    console.pop_up.get_by_role("button", name="Reject", exact=True).click()
    expect(console.toast).to_contain_text("is rejected")
    decided = stage.front_desk(stage.harbour).request(second["id"])
    assert (decided["decision"]["reason"], decided["decision"]["notify"]) == ("duplicate", False)


def test_the_request_page_shows_details_and_history(stage: Stage, visits: Callable[..., Visit]) -> None:
    patient = Patient(stage.harbour["practice_id"], stage.door)
    patient.submit(f"{DAY}T13:30:00", duration_minutes=30)
    console = Console(visits(), stage.harbour)
    console.row(patient.name).get_by_role("link").click()
    page = console.page
    page.get_by_role("button", name="Accept: ").click()
    console.pop_up.get_by_role("button", name="Accept", exact=True).click()

    steps = page.locator(".history li")
    expect(steps.nth(0)).to_contain_text("Submitted by the patient")
    expect(steps.nth(1)).to_contain_text("Accepted by you")
    expect(page.locator(".facts")).to_contain_text("Waiting to be written")
    expect(page.locator(".facts")).to_contain_text("Sent", timeout=20_000)
    page.get_by_role("button", name="Undo this decision").click()
    expect(page.get_by_role("button", name="Accept: ")).to_be_visible()
