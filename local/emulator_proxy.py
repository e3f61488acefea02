"""Reverse proxy to the AWS emulator: passes requests on unchanged, over connections that stay open."""

import httpx
from starlette.requests import Request
from starlette.responses import Response

from local.aws_emulator import Emulator
from local.problem_response import problem_response

# Headers that apply to one connection, or that are set again on each connection.
_PER_CONNECTION_HEADERS = {
    b"connection", b"content-length", b"date", b"host", b"keep-alive", b"proxy-authenticate", b"proxy-authorization",
    b"te", b"trailer", b"transfer-encoding", b"upgrade",
}  # fmt: skip
_SIGNATURE_HEADERS = {b"authorization", b"x-amz-security-token"}
_MAX_BODY_BYTES = 10 * 1024 * 1024
"""The limit of API Gateway. The emulator has none."""
_GATEWAY_TIMEOUT_SECONDS = 35.0
"""Longer than the 29 s of API Gateway, so that its own timeout comes first."""
_RETRY_AFTER_SECONDS = 5
"""The same as for a timeout of API Gateway, in template.yaml."""


class EmulatorProxy:
    """Passes requests on to the deployed API, and to other services of the emulator."""

    def __init__(self, emulator: Emulator, api_id: str) -> None:
        self._url = httpx.URL(emulator.url)
        self._api_host = f"{api_id}.execute-api.localhost:{emulator.port}"
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64, keepalive_expiry=60)
        self._client = httpx.AsyncClient(limits=limits, timeout=_GATEWAY_TIMEOUT_SECONDS, trust_env=False)

    async def close(self) -> None:
        """Close the connections to the emulator."""
        await self._client.aclose()

    async def forward_to_api(self, request: Request) -> Response:
        """The deployed API's response to the request, or 413 if its body is too large."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MAX_BODY_BYTES:
                return problem_response(413, "payload-too-large", "The request body is larger than 10 MB")
        return await self.forward(request, body, self._api_host)

    async def forward_to_user_pool(self, request: Request) -> Response:
        """The response of the user pool's sign-in pages, which have a domain of their own in AWS."""
        return await self.forward(request, await request.body(), f"localhost:{self._url.port}")

    async def forward(self, request: Request, body: bytes, host: str, authorization: bytes | None = None) -> Response:
        """Send the request to the emulator under that host name and return its response.

        `authorization` replaces the request's AWS signature. The response is 503 if the emulator cannot be reached, 504
        if it does not answer in time.
        """
        raw_path, query = request.scope["raw_path"], request.scope["query_string"]
        url = self._url.copy_with(raw_path=raw_path + (b"?" + query if query else b""))
        headers = [pair for pair in request.headers.raw if pair[0].lower() not in _PER_CONNECTION_HEADERS]
        if authorization:
            headers = [pair for pair in headers if pair[0].lower() not in _SIGNATURE_HEADERS]
            headers.append((b"authorization", authorization))
        forwarded = httpx.Request(request.method, url, headers=[(b"host", host.encode()), *headers], content=body)
        try:
            answer = await self._client.send(forwarded, stream=True)
            content = b"".join([chunk async for chunk in answer.aiter_raw()])
            await answer.aclose()
        except httpx.TimeoutException:
            return problem_response(504, "timeout", "The emulator did not answer in time", _RETRY_AFTER_SECONDS)
        except httpx.TransportError:
            return problem_response(503, "unavailable", "The emulator cannot be reached", _RETRY_AFTER_SECONDS)
        response = Response(content, answer.status_code)
        response.raw_headers = [pair for pair in answer.headers.raw if pair[0].lower() not in _PER_CONNECTION_HEADERS]
        response.raw_headers.append((b"content-length", str(len(content)).encode()))
        return response
