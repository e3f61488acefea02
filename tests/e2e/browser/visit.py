"""A browser window of one user, with checks that every test needs."""

import gzip
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from deploy.repository_paths import WEB


@dataclass
class Visit:
    """A browser window on the running stack. Records errors, foreign hosts and loaded scripts."""

    context: BrowserContext
    base_url: str
    page: Page = field(init=False)
    errors: list[str] = field(default_factory=list)
    foreign_hosts: list[str] = field(default_factory=list)
    _scripts: dict[str, bytes] = field(default_factory=dict)
    _expected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("request", self._watch_request)
        self.context.on("response", self._watch_response)
        self.context.on("console", self._watch_console)
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.page = self.context.new_page()

    def expects(self, part: str) -> None:
        """Allows console errors that contain this text: browsers log every failed request."""
        self._expected.append(part)

    def was_quiet(self) -> None:
        """Asserts that no unexpected console error was logged and no other host was called."""
        unexpected = [error for error in self.errors if not any(part in error for part in self._expected)]
        assert not unexpected, unexpected
        assert not self.foreign_hosts, self.foreign_hosts

    def is_accessible(self) -> None:
        """Asserts that axe-core finds no violation on the current page."""
        self.page.evaluate(_axe())
        found = self.page.evaluate("axe.run()")
        violations = [
            f"{violation['id']}: {violation['help']}: {[node['html'] for node in violation['nodes']]}"
            for violation in found["violations"]
        ]
        assert not violations, "\n".join(violations)

    def fits_the_width(self) -> None:
        """Asserts that the page does not scroll horizontally."""
        sizes: dict[str, int] = self.page.evaluate(
            "({wanted: document.documentElement.scrollWidth, there: document.documentElement.clientWidth})"
        )
        assert sizes["wanted"] <= sizes["there"], json.dumps(sizes)

    def storage(self) -> Any:
        """Everything that the page has stored in this browser."""
        kept = "({local: {...localStorage}, session: {...sessionStorage}, cookies: document.cookie})"
        return self.page.evaluate(kept)

    @property
    def script_bytes(self) -> int:
        """Size of all scripts loaded so far, gzipped as CloudFront sends them."""
        return sum(len(gzip.compress(body)) for body in self._scripts.values())

    def _watch_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.base_url}/", "data:", "blob:")):
            self.foreign_hosts.append(urlsplit(request.url).netloc)

    def _watch_response(self, response: Response) -> None:
        if response.request.resource_type == "script" and response.ok:
            self._scripts[response.url] = response.body()

    def _watch_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)


@cache
def _axe() -> str:
    return (WEB / "node_modules/axe-core/axe.min.js").read_text()
