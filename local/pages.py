"""The console and the booking page: the files under web/, under the headers that CloudFront sets on them in AWS."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import yaml
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from local.places import ROOT, WEB

FOLDERS = {
    "book": "BookingHeaders", "console": "PageHeaders", "request": "PageHeaders", "shared": "PageHeaders",
    "vendor": "PageHeaders",
}  # fmt: skip
"""What is served, with the resource of template.yaml that says under which headers."""


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
    config = _resources()[policy]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    return {
        "content-security-policy": config["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "referrer-policy": config["ReferrerPolicy"]["ReferrerPolicy"],
        "x-content-type-options": "nosniff",
    }


@cache
def _resources() -> dict[str, Any]:
    resources: dict[str, Any] = yaml.safe_load(re.sub(r"!\w+", "", (ROOT / "template.yaml").read_text()))["Resources"]
    return resources
