"""The console as somebody at the front desk uses it, with a mouse or with the keyboard alone."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser.visit import Visit

Json = dict[str, Any]


class Console:
    """A signed-in window on the console."""

    def __init__(self, visit: Visit, practice: Json, role: str = "front_desk", path: str = "") -> None:
        self.visit = visit
        self.page: Page = visit.page
        self.page.goto(f"/console/{path}")
        self.page.get_by_label(practice["name"]).check()
        self.page.get_by_label("manager" if role == "manager" else "front desk").check()
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("navigation")).to_be_visible()

    def row(self, name: str) -> Locator:
        """The one request of somebody in the queue, searched for and found."""
        self.page.get_by_role("searchbox").fill(name)
        row = self.page.locator(".row").filter(has_text=name)
        expect(row).to_have_count(1)
        return row

    def open(self, verb: str, name: str) -> Locator:
        """The pop-up behind a button of somebody's row."""
        self.row(name).get_by_role("button", name=f"{verb}: ").click()
        return self.pop_up

    @property
    def pop_up(self) -> Locator:
        """The pop-up that is open."""
        return self.page.get_by_role("dialog")

    @property
    def toast(self) -> Locator:
        """What was just done."""
        return self.page.locator(".toast")

    def press(self, *keys: str) -> None:
        """These keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, target: Locator, key: str = "Tab") -> None:
        """The keyboard's way to a control, key by key; it must be there within reason."""
        for _ in range(60):
            if target.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the keyboard does not get to {target}")

    def find(self, name: str) -> None:
        """The row of somebody, by keyboard alone; it has the focus then."""
        expect(self.page.locator(".row").first).to_be_visible()
        self.page.locator("body").press("/")
        self.page.keyboard.type(name)
        row = self.page.locator(".row").filter(has_text=name)
        expect(row).to_have_count(1)
        self.go_to(row.get_by_role("link"))
