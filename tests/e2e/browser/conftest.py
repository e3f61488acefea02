"""Fixtures for tests in a real browser against the running stack; skipped if Chromium is not installed."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.browser.visit import Visit
from tests.e2e.conftest import Stack

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
"""Path of the browser: Debian's package, or the environment variable CHROMIUM."""

# Chromium's own background requests fail without a network and fill the log.
_QUIET = [
    "--disable-background-networking", "--disable-component-update", "--disable-gpu", "--disable-quic",
    "--disable-sync", "--no-first-run", "--no-sandbox",
]  # fmt: skip

expect.set_options(timeout=15_000)  # the emulator's functions share two cores with the browser


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each visit has its own context."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed, so no browser test ran: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visits(browser: Browser, stack: Stack) -> Iterator[Callable[..., Visit]]:
    """Opens separate browser windows. The test fails if one logs a console error or calls another host."""
    opened: list[Visit] = []

    def visit(width: int = 1280, height: int = 800, locale: str = "en-CA") -> Visit:
        context = browser.new_context(
            base_url=stack.base_url, viewport={"width": width, "height": height}, locale=locale, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        opened.append(Visit(context, stack.base_url))
        return opened[-1]

    yield visit
    for each in opened:
        each.context.close()
    for each in opened:
        each.was_quiet()
