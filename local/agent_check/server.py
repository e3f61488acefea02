"""Serves the two endpoints that an agent calls, `events` and `pull`, for the conformance check."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.agent_check.scenario import Scenario
from local.problem_response import problem_response


class AgentCheckApp:
    """The ASGI application of one run of the check."""

    def __init__(self, agent_id: str, scenario: Scenario) -> None:
        self._agent_id = agent_id
        self._scenario = scenario

    def app(self) -> Starlette:
        """The application."""
        path = "/v1/pms/{agent_id}/{resource}"
        return Starlette(routes=[Route(path, self.answer, methods=["POST"])])

    async def answer(self, request: Request) -> Response:
        """Answer one call of the agent, and record it."""
        resource = request.path_params["resource"]
        if resource not in ("events", "pull"):
            return problem_response(404, "not-found", "An agent calls events and pull only")
        if request.path_params["agent_id"] != self._agent_id:
            return problem_response(401, "unauthenticated", f"The agent id of this check is {self._agent_id}")
        headers, body = dict(request.headers), await request.body()
        received_at = self._scenario.now()
        reply = self._scenario.reply(resource, headers, body)
        if reply.hold:
            await asyncio.sleep(reply.hold)
        self._scenario.record(resource, headers, body, received_at, reply)
        media_type = "application/json" if reply.status == 200 else "application/problem+json"
        return JSONResponse(reply.body, status_code=reply.status, media_type=media_type)
