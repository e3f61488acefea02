"""Sign-in through the user pool's hosted page: authorization code with PKCE (RFC 7636)."""

import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.actors import next_15_july
from tests.e2e.browser.visit import Visit
from tests.e2e.conftest import Stack
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

DAY = next_15_july() + timedelta(weeks=4)
NOTHING = {"local": {}, "session": {}, "cookies": ""}


@pytest.fixture(scope="module")
def client_id(stack: Stack) -> str:
    """An app client like the one in AWS; the local stage's own has no hosted page."""
    home = f"{stack.base_url}/console/"
    made = stack.aws("cognito-idp").create_user_pool_client(
        UserPoolId=stack.name_of("UserPool"),
        ClientName="hosted",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "profile"],
        SupportedIdentityProviders=["COGNITO"],
        CallbackURLs=[home],
        LogoutURLs=[home],
    )
    found: str = made["UserPoolClient"]["ClientId"]
    return found


@pytest.fixture
def hosted(stage: Stage, visits: Callable[..., Visit], client_id: str) -> Visit:
    """A window on a console that is configured for hosted sign-in."""
    visit = visits()
    way = {"kind": "hosted", "domain": stage.stack.base_url, "client_id": client_id}
    visit.page.route("**/console/sign-in.json", lambda route: route.fulfill(json=way))
    return visit


def _signs_in(page: Page, stage: Stage) -> None:
    kept = json.loads(stage.stack.state.credentials_file.read_text())
    page.get_by_label("Username").fill("front_desk@harbour-dental.example.com")
    page.get_by_label("Password").fill(kept["password"])
    page.get_by_role("button", name="Sign in").click()


def test_hosted_sign_in_returns_to_the_page_where_it_started(stage: Stage, hosted: Visit) -> None:
    asked = stage.patient(stage.harbour).submit(f"{DAY}T10:00:00")
    page, path = hosted.page, f"/console/requests/{asked['id']}"
    calls: list[str] = []
    hosted.context.on("request", lambda request: calls.append(f"{request.url} {request.post_data or ''}"))
    page.goto(path)
    page.wait_for_url("**/oauth2/authorize?*")
    query = parse_qs(urlsplit(page.url).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["scope"] == ["openid profile"]
    _signs_in(page, stage)

    expect(page.get_by_role("navigation")).to_be_visible()
    expect(page.locator(".history li")).to_have_count(1)
    assert urlsplit(page.url).path == path
    assert not urlsplit(page.url).query
    assert hosted.storage() == NOTHING
    assert not [call for call in calls if "eyJ" in call]  # every JWT starts with it; tokens may only be in headers


def test_a_decision_after_hosted_sign_in_carries_the_users_name(stage: Stage, hosted: Visit) -> None:
    patient = stage.patient(stage.harbour)
    asked = patient.submit(f"{DAY}T11:00:00")
    page = hosted.page
    page.goto(f"/console/requests/{asked['id']}")
    _signs_in(page, stage)
    page.get_by_role("button", name="Reject: ").click()
    page.get_by_label("Spam").check()
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    expect(page.locator(".history li").nth(1)).to_contain_text("Rejected by you")
    assert stage.front_desk(stage.harbour).request(asked["id"])["decision"]["by_name"] == "Robin Fraser"


def test_a_wrong_password_is_reported_by_the_hosted_page(hosted: Visit) -> None:
    page = hosted.page
    page.goto("/console/")
    page.get_by_label("Username").fill("front_desk@harbour-dental.example.com")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".error")).to_be_visible()


@pytest.mark.parametrize("answer", ["code=stolen&state=another", "code=stolen", "error=access_denied&state=another"])
def test_a_callback_that_this_tab_did_not_start_signs_nobody_in(hosted: Visit, answer: str) -> None:
    page = hosted.page
    page.goto(f"/console/?{answer}")
    expect(page.get_by_role("alert")).to_contain_text("Signing in did not work")
    assert not urlsplit(page.url).query
    assert hosted.storage() == NOTHING
    hosted.is_accessible()
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/oauth2/authorize?*")


@pytest.mark.parametrize("answer", ["error=access_denied", "code=long-expired"])
def test_a_refusal_or_an_expired_code_is_reported_without_a_redirect_loop(hosted: Visit, answer: str) -> None:
    hosted.expects("status of 400")
    page = hosted.page
    page.goto("/console/")
    page.wait_for_url("**/oauth2/authorize?*")
    state = parse_qs(urlsplit(page.url).query)["state"][0]
    page.goto(f"/console/?{answer}&state={state}")
    expect(page.get_by_role("alert")).to_contain_text("Signing in did not work")
    assert not urlsplit(page.url).query
    assert hosted.storage() == NOTHING


def test_a_code_works_once_and_only_with_its_verifier(stage: Stage, hosted: Visit) -> None:
    page = hosted.page
    hosted.expects("net::ERR_FAILED")
    grants: list[dict[str, str]] = []

    def intercept(route: Route) -> None:
        grants.append(dict(parse_qsl(route.request.post_data or "")))
        route.abort()

    page.route("**/oauth2/token", intercept)
    page.goto("/console/")
    _signs_in(page, stage)
    expect(page.get_by_role("alert")).to_contain_text("Signing in did not work")
    (grant,) = grants
    answers = [
        stage.door.post("/oauth2/token", data=each) for each in ({**grant, "code_verifier": "guessed"}, grant, grant)
    ]
    assert [answer.status_code for answer in answers] == [400, 200, 400]


def test_signing_out_drops_the_token_and_opens_the_hosted_page(stage: Stage, hosted: Visit) -> None:
    page = hosted.page
    page.goto("/console/")
    _signs_in(page, stage)
    expect(page.get_by_role("navigation")).to_be_visible()
    with page.expect_request("**/logout?*"):
        page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/oauth2/authorize?*")
