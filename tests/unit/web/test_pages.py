"""Rules for all pages under web/: import map, content security policy, no foreign hosts, lock file."""

import asyncio
import base64
import hashlib
import json
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from deploy.page_response_headers import API_DOCUMENT
from deploy.repository_paths import WEB
from local.web_page_routes import page_routes

API_REFERENCE = WEB / "docs/index.html"
PAGES = sorted(WEB.glob("*/index.html"))
OWN_PAGES = [page for page in PAGES if page != API_REFERENCE]
"""The pages that consist of our own modules and find libraries by the import map."""
SOURCES = [path for folder in ("shared", *(page.parent.name for page in PAGES)) for path in (WEB / folder).rglob("*.*")]
IMPORT_MAP = f"\n{(WEB / 'importmap.json').read_text()}    "
"""Exactly as in each of our own pages, including white space, because the policy allows it by its hash."""

_FOREIGN_URL = re.compile(r"""(?:src=|href=|import\(|from |url\()\s*["']?(?:https?:)?//[^"')]+""")


def _get(path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=list(page_routes())))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", follow_redirects=True) as client:
            return await client.get(path)

    return asyncio.run(ask())


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _ancestors(page: str) -> str:
    return _get(f"/{page}/").headers["content-security-policy"].rpartition("frame-ancestors ")[2]


@pytest.mark.parametrize("page", OWN_PAGES, ids=lambda page: page.parent.name)
def test_a_page_has_the_import_map_and_no_other_inline_script_or_style(page: Path) -> None:
    html = page.read_text()
    inline = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert [text for attributes, text in inline if 'type="importmap"' in attributes] == [IMPORT_MAP]
    assert [text for attributes, text in inline if "importmap" not in attributes and text.strip()] == []
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)


def test_the_api_reference_has_nothing_inline() -> None:
    html = API_REFERENCE.read_text()
    assert re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.relative_to(WEB)))
def test_no_file_loads_from_another_host(source: Path) -> None:
    if source.suffix in (".html", ".css", ".js"):
        assert _FOREIGN_URL.findall(source.read_text()) == []


def test_every_module_of_the_import_map_is_packed() -> None:
    packed = (WEB / "bundle_libraries.js").read_text()
    for name, url in json.loads((WEB / "importmap.json").read_text())["imports"].items():
        assert f'"{name}"' in packed
        assert url.removeprefix("/vendor/").removesuffix(".js") in packed


@pytest.mark.parametrize("page", OWN_PAGES, ids=lambda page: page.parent.name)
def test_the_policy_of_a_page_allows_no_inline_script_but_its_import_map(page: Path) -> None:
    for path in ("", "prac_harbour_dental", "requests/req_1"):
        answer = _get(f"/{page.parent.name}/{path}")
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert f"script-src 'self' 'sha256-{_digest(IMPORT_MAP)}';" in policy, (
            "template.yaml has the hash of another import map: replace it"
        )
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["/docs", "/docs/", "/docs/openapi.json"])
def test_the_policy_of_the_api_reference_allows_inline_styles_only(path: str) -> None:
    answer = _get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';" in policy
    assert policy.count("unsafe") == 1


def test_the_api_reference_loads_the_document_of_the_repository() -> None:
    (url,) = re.findall(r'url: "(.+)"', (WEB / "docs/api_reference.js").read_text())
    answer = _get(url)
    assert answer.content == API_DOCUMENT.read_bytes()
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/json", "no-cache")


def test_only_the_booking_page_may_be_framed_by_other_sites() -> None:
    ancestors = {page.parent.name: _ancestors(page.parent.name) for page in PAGES}
    assert ancestors.pop("book") == "'self' https:"
    assert set(ancestors.values()) == {"'none'"}


def test_a_missing_file_is_answered_with_404() -> None:
    assert _get("/shared/nothing.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["/book/prac_harbour_dental.", "/book/%E0%A4%A", "/request/%ff", "/console/a/b.c", "/book/%"]
)
def test_a_malformed_or_unknown_path_shows_the_page_of_its_folder(path: str) -> None:
    answer = _get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_the_page_for_unknown_paths_has_nothing_inline_and_is_in_both_languages() -> None:
    html = (WEB / "shared/not_found.html").read_text()
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)
    assert 'lang="en"' in html
    assert 'lang="fr"' in html


def test_the_lock_file_contains_no_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
