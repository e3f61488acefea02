"""Routes that serve the web pages under web/, with the security headers that CloudFront adds in AWS."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from deploy.page_response_headers import API_DOCUMENT, FILE_TYPES, FOLDERS
from deploy.repository_paths import ROOT, WEB
from deploy.sam_template import template_resources


class _PageFolder(StaticFiles):
    """The files of one folder. A path that names no file is answered with the folder's index.html."""

    def __init__(self, folder: str, headers: dict[str, str]) -> None:
        super().__init__(directory=WEB / folder)
        self._headers = headers

    async def get_response(self, path: str, scope: Scope) -> Response:
        is_file = path.endswith(tuple(f".{kind}" for kind in FILE_TYPES))
        response = await super().get_response(path if is_file else "index.html", scope)
        response.headers.update(self._headers)
        return response


def page_routes() -> Iterator[BaseRoute]:
    """The OpenAPI document, and a mount for each page folder that exists."""
    yield Route(f"/{API_DOCUMENT.relative_to(ROOT)}", _send_api_document)
    for folder, policy in FOLDERS.items():
        if (WEB / folder).is_dir():
            yield Mount(f"/{folder}", app=_PageFolder(folder, _headers(policy)))


def not_found_page() -> Response:
    """The page that CloudFront shows for a path of no page."""
    return FileResponse(WEB / "shared/not_found.html", 404, headers=_headers(FOLDERS["shared"]))


async def _send_api_document(_: Request) -> Response:
    return FileResponse(API_DOCUMENT, headers=_headers(FOLDERS["docs"]))


def _headers(policy: str) -> dict[str, str]:
    return {"cache-control": "no-cache", **security_headers(policy)}


def security_headers(policy: str) -> dict[str, str]:
    """The headers that a response headers policy of template.yaml adds, without HSTS: the local stack has no TLS."""
    config = template_resources()[policy]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    return {
        "content-security-policy": config["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "referrer-policy": config["ReferrerPolicy"]["ReferrerPolicy"],
        "x-content-type-options": "nosniff",
    }
