"""What the documents claim about the code."""

import re
from pathlib import Path

from bookings.domain import errors
from bookings.http import STATUS

DOCS = Path(__file__).parents[2] / "docs"


def _slugs(kind: type[errors.Refusal]) -> set[str]:
    if kind is errors.NotFound:
        return {"practice-not-found", "request-not-found", "appointment-not-found"}
    return {kind.slug} if "slug" in vars(kind) else set()


def _refusals(kind: type[errors.Refusal] = errors.Refusal) -> list[type[errors.Refusal]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _refusals(child))]


def test_the_api_page_lists_every_problem_with_its_status() -> None:
    rows = re.findall(r"^\| (\d{3}) \| ([^|]+) \|", (DOCS / "api.md").read_text(), re.MULTILINE)
    documented = {(int(status), slug) for status, slugs in rows for slug in re.findall(r"`([a-z-]+)`", slugs)}
    raised = {
        (int(next(STATUS[each] for each in kind.__mro__ if each in STATUS)), slug)
        for kind in _refusals()[1:]
        for slug in _slugs(kind)
    }
    assert documented == raised | {(500, "internal-error")}


def test_every_decision_has_a_number_and_a_title() -> None:
    records = sorted((DOCS / "adr").glob("*.md"))
    assert records
    for record in records:
        assert re.match(r"\d{4}-[a-z0-9-]+\.md", record.name)
        assert re.match(r"# \d+\. .+\n", record.read_text())
