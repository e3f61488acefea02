"""The ASGI app of the local stack: routes for the API, the web pages and the /local/ endpoints, on one stable port."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from threading import Event
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from local.captured_emails import CapturedEmails
from local.demo_staff_sign_in import DemoStaff
from local.emulator_proxy import EmulatorProxy
from local.landing_page import landing_page
from local.problem_response import problem_response
from local.scheduled_functions import ScheduledFunctions
from local.ses_proxy import SesProxy
from local.simulated_pms_endpoint import SimulatedPmsEndpoint
from local.web_page_routes import not_found_page, page_routes

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
_USER_POOL_PATHS = ("/oauth2/{path:path}", "/login", "/logout")
# Against DNS rebinding: a site whose name resolves to 127.0.0.1 must not read these pages.
_ALLOWED_HOSTS = ["127.0.0.1", "localhost"]


class _AnyPathConvertor(PathConvertor):
    """Starlette's `path` does not match an encoded line break, which API Gateway passes on."""

    regex = r"[\s\S]*"


register_url_convertor("any_path", _AnyPathConvertor())


class TokenRequest(BaseModel):
    """The body of `POST /local/token`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    practice_id: str
    role: str


@dataclass(frozen=True)
class LocalApp:
    """The parts of the stack that the routes lead to."""

    proxy: EmulatorProxy
    ses_proxy: SesProxy
    captured_emails: CapturedEmails
    staff: DemoStaff
    practices: Sequence[dict[str, Any]]
    scheduled_functions: ScheduledFunctions
    pms_endpoint: SimulatedPmsEndpoint
    ready: Event
    """Set once the demo practices are seeded."""

    def app(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route("/", self.show_landing_page),
            Route("/v1/{path:any_path}", self.proxy.forward_to_api, methods=_METHODS),
            Mount("/v2/email", app=self.ses_proxy),
            *(Route(path, self.proxy.forward_to_user_pool, methods=_METHODS) for path in _USER_POOL_PATHS),
            Route("/local/ready", self.check_ready),
            Route("/local/emails", self.list_emails),
            Route("/local/inbox", self.show_inbox),
            Route("/local/practices", self.list_practices),
            Route("/local/token", self.create_token, methods=["POST"]),
            Route("/local/run/{function}", self.run_function, methods=["POST"]),
            self.pms_endpoint.route(),
            *page_routes(),
        ]
        return Starlette(
            routes=routes,
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_ALLOWED_HOSTS)],
            exception_handlers={HTTPException: _http_error_response},
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        await self.proxy.close()

    async def show_landing_page(self, _: Request) -> Response:
        """Links to the pages of the demo practices and of the stack."""
        policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'"
        return HTMLResponse(landing_page(self.practices), headers={"content-security-policy": policy})

    async def check_ready(self, _: Request) -> Response:
        """204 once the demo practices are seeded, 503 before."""
        if not self.ready.is_set():
            return problem_response(503, "unavailable", "The stack is still starting")
        return Response(status_code=204)

    async def list_emails(self, _: Request) -> Response:
        """The captured e-mails as JSON, newest last."""
        return JSONResponse(self.captured_emails.all())

    async def show_inbox(self, _: Request) -> Response:
        """The captured e-mails as an HTML page."""
        policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        return HTMLResponse(self.captured_emails.html_page(), headers={"content-security-policy": policy})

    async def list_practices(self, _: Request) -> Response:
        """The demo practices, with the secrets of their agents."""
        return JSONResponse(self.practices)

    async def create_token(self, request: Request) -> Response:
        """An ID token of the demo user with that role at that practice."""
        try:
            body = TokenRequest.model_validate_json(await request.body())
        except ValidationError:
            return problem_response(422, "invalid-request", 'The body must be {"practice_id": "…", "role": "…"}')
        token = await run_in_threadpool(self.staff.sign_in, body.practice_id, body.role)
        if token is None:
            return problem_response(404, "not-found", "No demo user has this role at this practice")
        return JSONResponse({"token": token})

    async def run_function(self, request: Request) -> Response:
        """Run a scheduled function now and wait for its end."""
        succeeded = await run_in_threadpool(self.scheduled_functions.run, request.path_params["function"])
        if succeeded is None:
            return problem_response(404, "not-found", "No scheduled function has this name")
        if not succeeded:
            return problem_response(500, "internal-error", "The function failed; see emulator.log in the state folder")
        return Response(status_code=204)


async def _http_error_response(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == HTTPStatus.NOT_FOUND and "text/html" in request.headers.get("accept", ""):
        return not_found_page()
    phrase = HTTPStatus(status).phrase
    response = problem_response(status, phrase.lower().replace(" ", "-"), phrase)
    response.headers.update(getattr(error, "headers", None) or {})  # Allow, which RFC 9110 requires with 405
    return response
