"""The booking page and the patient's request page in a real browser."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from deploy.repository_paths import ROOT
from tests.e2e.actors import Json, eventually, next_15_july
from tests.e2e.browser.console import Console
from tests.e2e.browser.visit import Visit
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e
Visits = Callable[..., Visit]

DAY = next_15_july() + timedelta(weeks=3)  # the HTTP tests and the console's use the days before
EMBEDDING = ROOT / "docs/how-to/embed-the-booking-page.md"
INITIAL_HEIGHT = "1400"
"""Height of the iframe in pixels before its page reports its own."""

SCRIPT_BUDGET = 200_000
"""Most bytes of scripts, gzipped, that the booking page may load. It needs an eighth of it."""


def test_a_patient_requests_a_time_and_sees_that_it_was_moved(stage: Stage, visits: Visits) -> None:
    name, visit = _unique_name(), visits(width=360, height=740)
    page = visit.page
    _opens(page, stage.harbour)
    _chooses_a_time(page, "Cleaning and check-up", "Dr. Amelia Chen")
    _fills_in(page, name)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="Your request is on its way")).to_be_focused()

    asked = _request_of(stage, name)
    assert (asked["may_email"], asked["source"]) == (True, "website")
    assert (asked["requested"]["service_id"], asked["requested"]["practitioner_id"]) == ("svc_cleaning", "prov_chen")
    assert asked["fit"]["verdict"] == "fits"

    with page.expect_popup() as opened:
        page.get_by_role("link", name="See my request").click()
    own = opened.value
    expect(own.get_by_role("heading", name="Your request is waiting for an answer")).to_be_visible()

    desk = stage.front_desk(stage.harbour)
    opening = desk.get(f"/requests/{asked['id']}/openings", limit=2).json()["items"][1]
    edits = {"start": opening["start"], "practitioner_id": opening["practitioner_id"], "notify": True}
    accepted = desk.decide("accept", asked["id"], edits | {"chair_id": opening["chair_id"]})
    assert accepted.json()["resolution"] == "with_changes", accepted.text

    own.reload()
    expect(own.get_by_role("heading", name="Your appointment is confirmed")).to_be_visible()
    expect(own.get_by_text("Please note that this is not the time you asked for.")).to_be_visible()
    stage.only_email_to(f"{name.lower()}@example.com")


def test_it_can_be_done_with_the_keyboard_alone(stage: Stage, visits: Visits) -> None:
    name, visit = _unique_name(), visits()
    page, press = visit.page, visit.page.keyboard.press
    _opens(page, stage.harbour)
    _tab_to(page, "service")
    press("Space")
    press("ArrowDown")
    expect(page.get_by_role("radio", name="Cleaning and check-up")).to_be_checked()
    _tab_to(page, "practitioner")
    expect(page.get_by_role("radiogroup", name="Day", exact=True)).to_be_visible()
    _tab_to(page, "day")
    press("ArrowRight")
    _tab_to(page, "start")
    press("Space")
    for field, text in (("first_name", "Kay"), ("last_name", name), ("phone", "604-555-0177")):
        _tab_to(page, field)
        page.keyboard.type(text)
    _tab_to(page, "consent")
    press("Space")
    press("Enter")
    expect(page.get_by_role("heading", name="Your request is on its way")).to_be_focused()
    assert _request_of(stage, name)["patient"]["phone"] == "+16045550177"


def test_missing_fields_are_listed_with_links_to_them(stage: Stage, visits: Visits) -> None:
    visit = visits(width=360)
    page = visit.page
    _opens(page, stage.harbour)
    page.get_by_role("button", name="Send the request").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("Please check 6 things")
    visit.is_accessible()
    alert.get_by_role("link", name="Enter your last name.").click()
    expect(page.get_by_label("Last name")).to_be_focused()
    expect(page.get_by_label("Last name")).to_have_accessible_description("Enter your last name.")
    page.keyboard.type("Doe")
    expect(page.get_by_label("Last name")).to_have_accessible_description("")
    expect(alert).to_contain_text("Please check 5 things")
    assert "#" not in page.url


def test_a_field_error_from_the_api_is_shown_at_the_field(stage: Stage, visits: Visits) -> None:
    visit = visits()
    visit.expects("status of 422")
    page = visit.page
    _opens(page, stage.harbour)
    _chooses_a_time(page)
    _fills_in(page, _unique_name(), phone="12345")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_label("Phone")).to_have_accessible_description("Enter a phone number with its area code.")


def test_a_double_tap_makes_one_request(stage: Stage, visits: Visits) -> None:
    name, page = _unique_name(), visits().page
    _opens(page, stage.harbour)
    _chooses_a_time(page)
    _fills_in(page, name)
    page.get_by_role("button", name="Send the request").dblclick()
    expect(page.get_by_role("heading", name="Your request is on its way")).to_be_visible()
    assert len(_requests_of(stage, name)) == 1


def test_a_retry_after_a_lost_response_creates_no_second_request(stage: Stage, visits: Visits) -> None:
    name, visit = _unique_name(), visits(width=360)
    visit.expects("net::ERR_CONNECTION_RESET")
    page = visit.page
    _opens(page, stage.harbour)
    _chooses_a_time(page)
    _fills_in(page, name)

    def lose_the_answer(route: Route) -> None:
        route.fetch()  # the request arrives, the response is lost
        route.abort("connectionreset")

    page.route("**/requests", lose_the_answer, times=1)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is lost")
    expect(page.get_by_label("Last name")).to_have_value(name)
    visit.is_accessible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Your request is on its way")).to_be_visible()
    assert len(_requests_of(stage, name)) == 1


def test_a_practice_that_takes_no_more_requests_asks_for_a_call(stage: Stage, visits: Visits) -> None:
    name, visit = _unique_name(), visits(width=360)
    visit.expects("429")
    page = visit.page
    _opens(page, stage.harbour)
    _chooses_a_time(page)
    _fills_in(page, name)
    problem = '{"type": "too-many-requests", "title": "Too many requests", "status": 429}'
    refusal = {"content_type": "application/problem+json", "headers": {"Retry-After": "1200"}, "body": problem}
    page.route("**/requests", lambda route: route.fulfill(status=429, **refusal), times=1)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("alert")).to_contain_text("Please call us")
    expect(page.locator("a[href^='tel:']").first).to_be_visible()
    expect(page.get_by_label("Last name")).to_have_value(name)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Your request is on its way")).to_be_visible()


def test_a_program_that_fills_in_the_hidden_field_is_marked_for_the_front_desk(stage: Stage, visits: Visits) -> None:
    name, page = _unique_name(), visits().page
    _opens(page, stage.harbour)
    _chooses_a_time(page)
    _fills_in(page, name)
    expect(page.get_by_label("Homepage")).not_to_be_in_viewport()
    expect(page.get_by_role("textbox", name="Homepage")).to_have_count(0)
    page.locator("[name=homepage]").evaluate("field => { field.value = 'https://buy.example' }")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="Your request is on its way")).to_be_visible()
    assert _request_of(stage, name)["suspected_spam"] is True

    console = Console(visits(), stage.harbour)
    expect(console.row(name).get_by_text("Probably spam")).to_be_visible()
    console.visit.is_accessible()


def test_a_slow_network_is_reported(stage: Stage, visits: Visits) -> None:
    page = visits().page
    page.clock.install()
    _opens(page, stage.harbour)
    _chooses_a_time(page)
    _fills_in(page, _unique_name())
    held: list[Route] = []
    page.route("**/requests", lambda route: held.append(route), times=1)  # noqa: PLW0108  # Playwright sets an attribute on it
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("button", name="Sending…")).to_be_visible()
    page.clock.run_for(9_000)
    expect(page.get_by_text("This takes longer than usual.")).to_be_visible()
    held[0].continue_()
    expect(page.get_by_role("heading", name="Your request is on its way")).to_be_visible()


def test_loading_the_openings_can_be_retried(stage: Stage, visits: Visits) -> None:
    visit = visits()
    visit.expects("net::ERR_FAILED")
    page = visit.page
    _opens(page, stage.harbour)
    page.route("**/openings?*", lambda route: route.abort(), times=1)
    page.get_by_role("radio", name="Cleaning and check-up").check()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("radio", name=re.compile("a.m.|p.m.")).first).to_be_visible()


def test_a_patient_can_suggest_another_time(stage: Stage, visits: Visits) -> None:
    name, page = _unique_name(), visits().page
    _opens(page, stage.harbour)
    page.get_by_role("radio", name="Filling").check()
    page.get_by_label("None of these work for me").check()
    page.get_by_label("Day").fill(f"{DAY}")
    page.get_by_label("Time").fill("07:30")
    _fills_in(page, name)
    page.get_by_label("You may e-mail me about this request").uncheck()
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="Your request is on its way")).to_be_visible()
    asked = _request_of(stage, name)
    assert asked["requested"]["start"] == f"{DAY}T07:30:00-07:00"
    assert asked["may_email"] is False


def test_a_request_is_withdrawn_and_its_token_stays_in_the_fragment(stage: Stage, visits: Visits) -> None:
    name, visit = _unique_name(), visits(width=360)
    page = visit.page
    asked = stage.patient(stage.harbour).submit(f"{DAY}T10:00:00", service_id="svc_exam")
    page.goto(f"/request/#{asked['manage_token']}")
    expect(page.get_by_role("heading", name="Your request is waiting for an answer")).to_be_visible()
    visit.is_accessible()
    visit.fits_the_width()
    page.get_by_role("button", name="Withdraw the request").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    visit.is_accessible()
    page.get_by_role("button", name="No, keep it").click()
    page.get_by_role("button", name="Withdraw the request").click()
    page.get_by_role("button", name="Yes, withdraw it").click()
    expect(page.get_by_role("heading", name="You have withdrawn this request")).to_be_focused()
    assert stage.front_desk(stage.harbour).request(asked["id"])["status"] == "cancelled"
    assert asked["manage_token"] not in page.url.partition("#")[0]
    assert visit.storage() == {"local": {}, "session": {}, "cookies": ""}, name


def test_a_patient_who_withdraws_too_late_sees_what_the_practice_decided(stage: Stage, visits: Visits) -> None:
    visit = visits()
    visit.expects("status of 409")
    page = visit.page
    asked = stage.patient(stage.harbour).submit(f"{DAY}T11:00:00", service_id="svc_exam")
    page.goto(f"/request/#{asked['manage_token']}")
    page.get_by_role("button", name="Withdraw the request").click()
    desk = stage.front_desk(stage.harbour)
    rejected = desk.decide("reject", asked["id"], {"reason": "no_opening", "notify": False})
    assert rejected.status_code == 200, rejected.text
    page.get_by_role("button", name="Yes, withdraw it").click()
    expect(page.get_by_role("alert")).to_contain_text("The practice has already answered")
    expect(page.get_by_role("heading", name="could not book your appointment")).to_be_visible()


def test_invalid_links_show_an_error(stage: Stage, visits: Visits) -> None:
    visit = visits()
    visit.expects("status of 404")
    visit.page.goto("/book/prac_none")
    expect(visit.page.get_by_role("alert")).to_contain_text("no booking page at this address")
    visit.page.goto("/request/#prac_harbour_dental.req_none.nothing")
    expect(visit.page.get_by_role("alert")).to_contain_text("no request for this link")


def test_it_speaks_french(stage: Stage, visits: Visits) -> None:
    name, visit = _unique_name(), visits(width=768, locale="fr-CA")
    page = visit.page
    _opens(page, stage.saint_laurent)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("radio", name="Nettoyage").check()
    page.get_by_role("radio", name=re.compile(r"\d h \d")).first.check()
    for label, text in (("Prénom", "Zoé"), ("Nom", name), ("Courriel", f"{name}@example.com")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("peut utiliser ces renseignements").check()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Last name")).to_have_value(name)
    page.get_by_role("button", name="Français").click()
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", name="Votre demande est en route")).to_be_visible()
    assert len(_requests_of(stage, name, stage.saint_laurent)) == 1


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_it_is_accessible_and_fits_at_every_width(stage: Stage, visits: Visits, width: int) -> None:
    visit = visits(width=width)
    page = visit.page
    _opens(page, stage.harbour)
    visit.is_accessible()
    _chooses_a_time(page)
    visit.is_accessible()
    visit.fits_the_width()
    _fills_in(page, _unique_name())
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="Your request is on its way")).to_be_visible()
    visit.is_accessible()
    visit.fits_the_width()
    assert visit.storage() == {"local": {}, "session": {}, "cookies": ""}
    assert "?" not in page.url


def test_its_scripts_stay_within_their_budget(stage: Stage, visits: Visits) -> None:
    visit = visits()
    _opens(visit.page, stage.harbour)
    _chooses_a_time(visit.page)
    assert 0 < visit.script_bytes < SCRIPT_BUDGET


def test_only_the_booking_page_may_be_framed_by_other_sites(stage: Stage, visits: Visits) -> None:
    booking = stage.door.get("/book/prac_harbour_dental").headers["content-security-policy"]
    own = stage.door.get("/request/").headers["content-security-policy"]
    assert "frame-ancestors 'self' https:" in booking
    assert "frame-ancestors 'none'" in own
    page = _framed(stage, visits())
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", name="Book a visit")).to_be_visible()
    expect(inside.get_by_text("1188 Quay Street")).to_be_hidden()


def test_the_iframe_grows_with_its_page(stage: Stage, visits: Visits) -> None:
    page = _framed(stage, visits())
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("radio", name="Child's check-up")).to_be_visible()
    expect(page.locator("iframe")).not_to_have_attribute("height", INITIAL_HEIGHT)
    short = page.locator("iframe").get_attribute("height")
    inside.get_by_role("radio", name="Child's check-up").check()
    page.wait_for_function("short => Number(document.querySelector('iframe').height) > Number(short)", arg=short)
    assert inside.locator("html").evaluate("html => html.scrollHeight <= html.clientHeight")


# ---------------------------------------------------------------- steps


def _unique_name() -> str:
    return f"Q{uuid4().hex[:8]}"


def _framed(stage: Stage, visit: Visit) -> Page:
    """The booking page inside a practice's site, with the snippet of the how-to."""
    (snippet,) = re.findall(r"```html\n(.*?)```", EMBEDDING.read_text(), re.DOTALL)
    site = snippet.replace("https://SITE", stage.stack.base_url).replace("PRACTICE_ID", "prac_harbour_dental")
    visit.page.route("**/clinic-site", lambda route: route.fulfill(body=site, content_type="text/html"))
    visit.page.goto("/clinic-site")
    return visit.page


def _opens(page: Page, practice: Json) -> None:
    page.goto(f"/book/{practice['practice_id']}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _chooses_a_time(page: Page, service: str = "Child's check-up", practitioner: str | None = None) -> None:
    """Chooses a time in the next week, which other tests have not booked up."""
    page.get_by_role("radio", name=service).check()
    if practitioner:
        page.get_by_label("With whom?").select_option(practitioner)
    starts = page.get_by_role("radio", name=re.compile("a.m.|p.m."))
    expect(starts.first).to_be_visible()
    page.get_by_role("button", name="Later").click()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.locator("input[name=day]:not(:disabled)").nth(2).check()
    starts.nth(1).check()


def _fills_in(page: Page, name: str, **also: str) -> None:
    fields = {"first_name": "Jane", "last_name": name, "email": f"{name.lower()}@example.com", **also}
    for field, text in fields.items():
        page.locator(f"#{field}").fill(text)
    page.locator("#consent").check()


def _tab_to(page: Page, name: str) -> None:
    """Presses Tab until the field of that name has the focus."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.id") == name:
            return
    pytest.fail(f"Tab never reaches {name}")


def _requests_of(stage: Stage, name: str, practice: Json | None = None) -> list[Json]:
    desk, query = stage.front_desk(practice or stage.harbour), {"order": "received", "status": "pending", "limit": 100}
    page = desk.get("/requests", **query).json()
    items: list[Json] = page["items"]
    while page["next_cursor"]:
        page = desk.get("/requests", **query, cursor=page["next_cursor"]).json()
        items += page["items"]
    return [item for item in items if item["patient"]["last_name"] == name]


def _request_of(stage: Stage, name: str) -> Json:
    (request,) = eventually(lambda: _requests_of(stage, name), "the request")
    return request
