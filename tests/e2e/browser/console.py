"""Drives the console as a user does, by mouse or by keyboard."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser.visit import Visit

Json = dict[str, Any]


class Console:
    """A browser window with a user signed in to the console."""

    def __init__(self, visit: Visit, practice: Json, role: str = "front_desk", path: str = "") -> None:
        self.visit = visit
        self.page: Page = visit.page
        self.page.goto(f"/console/{path}")
        self.page.get_by_label(practice["name"]).check()
        self.page.get_by_label("manager" if role == "manager" else "front desk").check()
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("navigation")).to_be_visible()

    def row(self, name: str) -> Locator:
        """The row of the only request of a patient in the queue, found by search."""
        self.page.get_by_role("searchbox").fill(name)
        row = self.page.locator(".row").filter(has_text=name)
        expect(row).to_have_count(1)
        return row

    def open(self, verb: str, name: str) -> Locator:
        """Opens the dialog behind a button of a patient's row."""
        self.row(name).get_by_role("button", name=f"{verb}: ").click()
        return self.pop_up

    @property
    def pop_up(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    @property
    def toast(self) -> Locator:
        """The message about the last action."""
        return self.page.locator(".toast")

    def press(self, *keys: str) -> None:
        """Presses the keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, target: Locator, key: str = "Tab") -> None:
        """Presses a key until the control has the focus; fails after 60 key presses."""
        for _ in range(60):
            if target.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"60 times {key} did not reach {target}")

    def find(self, name: str) -> None:
        """Searches for a patient by keyboard and moves the focus to the row."""
        expect(self.page.locator(".row").first).to_be_visible()
        self.page.locator("body").press("/")
        self.page.keyboard.type(name)
        row = self.page.locator(".row").filter(has_text=name)
        expect(row).to_have_count(1)
        self.go_to(row.get_by_role("link"))
