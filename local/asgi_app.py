"""Stable addresses for people, tools and tests: the API, pages, e-mails, demo practices and their tokens."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from threading import Event
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from local.captured_emails import Inbox
from local.demo_staff_sign_in import Staff
from local.emulator_proxy import Gateway
from local.problem_response import problem
from local.scheduled_functions import Schedule
from local.ses_proxy import MailDoor
from local.simulated_pms_endpoint import PmsDesk
from local.web_page_routes import page_routes

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
_SIGN_IN = ("/oauth2/{path:path}", "/login", "/logout")
# The pages are on this machine alone; another site that resolves its name to 127.0.0.1 gets nothing.
_OUR_NAMES = ["127.0.0.1", "localhost"]


class SignIn(BaseModel):
    """The body of `POST /local/token`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    practice_id: str
    role: str


@dataclass(frozen=True)
class FrontDoor:
    """What stands behind the door."""

    gateway: Gateway
    mail_door: MailDoor
    inbox: Inbox
    staff: Staff
    practices: Sequence[dict[str, Any]]
    schedule: Schedule
    pms_desk: PmsDesk
    ready: Event

    def app(self) -> Starlette:
        """The door as an ASGI application."""
        routes = [
            Route("/v1/{path:path}", self.gateway.answer, methods=_METHODS),
            Mount("/v2/email", app=self.mail_door),
            *(Route(path, self.gateway.sign_in, methods=_METHODS) for path in _SIGN_IN),
            Route("/local/ready", self.say_whether_ready),
            Route("/local/emails", self.list_emails),
            Route("/local/inbox", self.show_inbox),
            Route("/local/practices", self.list_practices),
            Route("/local/token", self.sign_in, methods=["POST"]),
            Route("/local/run/{function}", self.run_now, methods=["POST"]),
            self.pms_desk.route(),
            *page_routes(),
        ]
        return Starlette(
            routes=routes,
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_OUR_NAMES)],
            exception_handlers={HTTPException: _refuse},
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        await self.gateway.close()

    async def say_whether_ready(self, _: Request) -> Response:
        """204 once the demo practices are filled in."""
        return Response(status_code=204) if self.ready.is_set() else problem(503, "unavailable", "Not ready yet")

    async def list_emails(self, _: Request) -> Response:
        """Every captured e-mail, newest last."""
        return JSONResponse(self.inbox.emails())

    async def show_inbox(self, _: Request) -> Response:
        """The same for a person."""
        policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        return HTMLResponse(self.inbox.page(), headers={"content-security-policy": policy})

    async def list_practices(self, _: Request) -> Response:
        """The demo practices with their agents' secrets."""
        return JSONResponse(self.practices)

    async def sign_in(self, request: Request) -> Response:
        """A token of somebody who has that role at that practice."""
        try:
            wanted = SignIn.model_validate_json(await request.body())
        except ValidationError:
            return problem(422, "invalid-request", 'The body must be {"practice_id": "…", "role": "…"}')
        token = await run_in_threadpool(self.staff.sign_in, wanted.practice_id, wanted.role)
        if token is None:
            return problem(404, "not-found", "No demo practice has anybody in that role")
        return JSONResponse({"token": token})

    async def run_now(self, request: Request) -> Response:
        """Run a function of the schedule now instead of when its time comes."""
        went_well = await run_in_threadpool(self.schedule.run, request.path_params["function"])
        if went_well is None:
            return problem(404, "not-found", "No function of that name is on a schedule")
        return Response(status_code=204) if went_well else problem(500, "internal-error", "It failed; its log says why")


async def _refuse(_: Request, refusal: Exception) -> Response:
    status = refusal.status_code if isinstance(refusal, HTTPException) else 500
    phrase = HTTPStatus(status).phrase
    return problem(status, phrase.lower().replace(" ", "-"), phrase)
