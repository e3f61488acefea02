"""The front door's own refusals, in the form that the API uses too."""

from starlette.responses import JSONResponse


def problem(status: int, kind: str, title: str) -> JSONResponse:
    """An RFC 9457 problem."""
    content = {"type": kind, "title": title, "status": status}
    return JSONResponse(content, status, media_type="application/problem+json")
