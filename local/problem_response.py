"""Error responses of the local stack itself, in the same format as those of the API."""

from starlette.responses import JSONResponse


def problem_response(status: int, kind: str, title: str) -> JSONResponse:
    """A problem details response (RFC 9457). `kind` is the problem's `type`."""
    content = {"type": kind, "title": title, "status": status}
    return JSONResponse(content, status, media_type="application/problem+json")
