"""The console and the booking page: the files under web/, under the policy that CloudFront sets on them in AWS."""

import base64
import hashlib
import re
from collections.abc import Iterator

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from local.places import WEB

_FILES = ("shared", "vendor")
_PAGES = {"console": "'none'", "book": "'self' https: http://127.0.0.1:* http://localhost:*", "request": "'none'"}
"""Who may show each page in a frame: practices show the booking page on their own sites (docs/how-to/embed.md)."""

_POLICY = (
    "default-src 'none'; script-src 'self' {import_map}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
_IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)


class _Pages(StaticFiles):
    """A folder's files with these headers; a path that names no file is the folder's one page."""

    def __init__(self, folder: str, headers: dict[str, str]) -> None:
        super().__init__(directory=WEB / folder)
        self._headers = headers

    async def get_response(self, path: str, scope: Scope) -> Response:
        names_a_file = "." in path.rpartition("/")[2].strip(".")  # Starlette calls the folder itself "."
        response = await super().get_response(path if names_a_file else "index.html", scope)
        response.headers.update(self._headers)
        return response


def page_routes() -> Iterator[BaseRoute]:
    """A mount for every folder that there is."""
    common = {"cache-control": "no-cache", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
    for name in (*_FILES, *_PAGES):
        if (WEB / name).is_dir():
            policy = content_security_policy(name) if name in _PAGES else "default-src 'none'"
            yield Mount(f"/{name}", app=_Pages(name, common | {"content-security-policy": policy}))


def content_security_policy(page: str) -> str:
    """No inline script but the page's own import map, and nothing from anywhere else."""
    found = _IMPORT_MAP.search((WEB / page / "index.html").read_text())
    digest = base64.b64encode(hashlib.sha256(found[1].encode() if found else b"").digest()).decode()
    return _POLICY.format(import_map=f"'sha256-{digest}'", ancestors=_PAGES[page])
