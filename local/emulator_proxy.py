"""Carries calls to the emulator byte for byte, over connections that stay open."""

import httpx
from starlette.requests import Request
from starlette.responses import Response

from local.aws_emulator import Emulator
from local.problem_response import problem

# They belong to one of the two connections, or are set anew on each.
_OF_ONE_CONNECTION = {
    b"connection", b"content-length", b"date", b"host", b"keep-alive", b"proxy-authenticate", b"proxy-authorization",
    b"te", b"trailer", b"transfer-encoding", b"upgrade",
}  # fmt: skip
_SIGNATURE = {b"authorization", b"x-amz-security-token"}
_LARGEST_BODY = 10 * 1024 * 1024
"""API Gateway takes no more; the emulator would."""
_PATIENCE = 35.0
"""API Gateway gives up after 29 s."""


class Gateway:
    """The way to the deployed API."""

    def __init__(self, emulator: Emulator, api_id: str) -> None:
        self._url = httpx.URL(emulator.url)
        self._host = f"{api_id}.execute-api.localhost:{emulator.port}"
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64, keepalive_expiry=60)
        self._client = httpx.AsyncClient(limits=limits, timeout=_PATIENCE, trust_env=False)

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    async def answer(self, request: Request) -> Response:
        """The deployed API's answer to this request."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_BODY:
                return problem(413, "payload-too-large", "The request is too large")
        return await self.forward(request, body, self._host)

    async def sign_in(self, request: Request) -> Response:
        """The user pool's own pages, which in AWS stand under a domain of theirs."""
        return await self.forward(request, await request.body(), f"localhost:{self._url.port}")

    async def forward(self, request: Request, body: bytes, host: str, signature: bytes | None = None) -> Response:
        """The emulator's answer to this request, asked under that host name, with that signature if one is given."""
        raw_path, query = request.scope["raw_path"], request.scope["query_string"]
        url = self._url.copy_with(raw_path=raw_path + (b"?" + query if query else b""))
        headers = [pair for pair in request.headers.raw if pair[0].lower() not in _OF_ONE_CONNECTION]
        if signature:
            headers = [pair for pair in headers if pair[0].lower() not in _SIGNATURE] + [(b"authorization", signature)]
        asked = httpx.Request(request.method, url, headers=[(b"host", host.encode()), *headers], content=body)
        try:
            answer = await self._client.send(asked, stream=True)
            content = b"".join([chunk async for chunk in answer.aiter_raw()])
            await answer.aclose()
        except httpx.TimeoutException:
            return problem(504, "timeout", "The answer took too long")
        except httpx.TransportError:
            return problem(503, "unavailable", "The emulator does not answer")
        passed_on = Response(content, answer.status_code)
        passed_on.raw_headers = [pair for pair in answer.headers.raw if pair[0].lower() not in _OF_ONE_CONNECTION]
        passed_on.raw_headers.append((b"content-length", str(len(content)).encode()))
        return passed_on
