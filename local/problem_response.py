"""Error responses of the local stack itself, in the same format as those of the API."""

from starlette.responses import JSONResponse


def problem_response(status: int, kind: str, title: str, retry_after: int | None = None) -> JSONResponse:
    """A problem details response (RFC 9457). `kind` is the problem's `type`, `retry_after` a delay in seconds."""
    content = {"type": kind, "title": title, "status": status}
    headers = None if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse(content, status, headers, media_type="application/problem+json")
