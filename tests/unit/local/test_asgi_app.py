"""The routes of the local stack."""

import asyncio
from threading import Event
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from local.asgi_app import LocalApp


class _Proxy:
    """Answers in place of the emulator: with the path that the API would get."""

    async def forward_to_api(self, request: Request) -> Response:
        return PlainTextResponse(request.scope["raw_path"])

    async def forward_to_user_pool(self, request: Request) -> Response:
        return PlainTextResponse(request.scope["raw_path"])


class _PmsEndpoint:
    """No simulated PMS."""

    def route(self) -> Route:
        return Route("/local/pms/{practice_id}", lambda _: Response())


def _call(method: str, path: str, accept: str = "*/*") -> httpx.Response:
    """The response of a stack of which nothing but the routes is there."""
    parts: dict[str, Any] = dict.fromkeys(("captured_emails", "staff", "scheduled_functions"))
    parts |= {"proxy": _Proxy(), "ses_proxy": Response(), "pms_endpoint": _PmsEndpoint()}
    transport = httpx.ASGITransport(LocalApp(practices=[], ready=Event(), **parts).app())

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers={"accept": accept})

    return asyncio.run(send())


@pytest.mark.parametrize("path", ["/v1/practices/p", "/v1/practices/p%0Aq/requests", "/v1/practices/%0A"])
def test_every_path_of_the_api_reaches_it_unchanged(path: str) -> None:
    assert _call("GET", path).text == path


def test_a_method_that_a_path_does_not_have_is_answered_with_those_that_it_has() -> None:
    answer = _call("POST", "/local/ready")
    assert answer.status_code == 405
    assert answer.headers["allow"] in ("GET, HEAD", "HEAD, GET")
    assert answer.json()["type"] == "method-not-allowed"


def test_a_browser_gets_a_page_for_a_path_that_is_unknown_and_a_program_a_problem() -> None:
    page = _call("GET", "/bok/prac_harbour_dental", accept="text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert _call("GET", "/bok/prac_harbour_dental").json()["type"] == "not-found"
