"""The console and the booking page: the files under web/, under the headers that CloudFront sets on them in AWS."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from deploy.page_folders import FOLDERS
from deploy.repository_paths import WEB
from deploy.sam_template import template_resources


class _Pages(StaticFiles):
    """A folder's files with these headers; a path that names no file is the folder's one page."""

    def __init__(self, folder: str, headers: dict[str, str]) -> None:
        super().__init__(directory=WEB / folder)
        self._headers = headers

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path if PurePosixPath(path).suffix else "index.html", scope)
        response.headers.update(self._headers)
        return response


def page_routes() -> Iterator[BaseRoute]:
    """A mount for every folder that there is."""
    for folder, policy in FOLDERS.items():
        if (WEB / folder).is_dir():
            yield Mount(f"/{folder}", app=_Pages(folder, {"cache-control": "no-cache", **security_headers(policy)}))


def security_headers(policy: str) -> dict[str, str]:
    """What this response headers policy of the template adds; without HSTS, since there is no TLS on this machine."""
    config = template_resources()[policy]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    return {
        "content-security-policy": config["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "referrer-policy": config["ReferrerPolicy"]["ReferrerPolicy"],
        "x-content-type-options": "nosniff",
    }
