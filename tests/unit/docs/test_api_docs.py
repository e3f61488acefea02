"""The pages about the HTTP API say what the code does: problems, events and rate limits."""

import json
import re
from typing import Any

import pytest
from pydantic import BaseModel

from bookings.domain.pms.event_models import EVENT_ALIASES, EVENT_DATA, AlsoData, ClosureData, PatientData, WeeklyData
from contract.examples import FOLDER, problem_example
from contract.problem_schemas import problem_kinds
from deploy.repository_paths import ROOT
from deploy.sam_template import template_resources

DOCS = ROOT / "docs"
EVENTS = (DOCS / "api.md").read_text().partition("\n## Events\n")[2].partition("\n## ")[0]
SECTIONS = dict(re.findall(r"^### `([\w.]+)`\n(.*?)(?=^### |\Z)", EVENTS, re.DOTALL | re.MULTILINE))
PARTS: dict[str, type[BaseModel]] = {
    "patient": PatientData,
    "also": AlsoData,
    "weekly": WeeklyData,
    "closures": ClosureData,
}


def test_the_index_of_problems_lists_every_type_with_its_status() -> None:
    index = (DOCS / "problems" / "README.md").read_text()
    rows = re.findall(r"^\| (\d{3}) \| \[([a-z-]+)\]\(\2\.md\) \|", index, re.MULTILINE)
    assert sorted(rows) == sorted((str(kind.status), kind.type) for kind in problem_kinds().values())


@pytest.mark.parametrize("kind", problem_kinds().values(), ids=lambda kind: kind.type)
def test_the_page_of_a_problem_has_the_example_of_the_contract_and_its_members(kind: Any) -> None:
    page = (DOCS / "problems" / f"{kind.type}.md").read_text()
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert json.loads(example) == problem_example(kind)
    documented = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert set(documented) >= problem_example(kind).keys() - {"type", "title", "status", "detail"}


def test_the_api_page_has_a_section_for_every_event_type() -> None:
    assert SECTIONS.keys() == EVENT_DATA.keys() - EVENT_ALIASES.keys()


@pytest.mark.parametrize("name", EVENT_DATA.keys() - EVENT_ALIASES.keys())
def test_the_section_of_an_event_has_its_fields_and_the_example_of_the_contract(name: str) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", SECTIONS[name], re.DOTALL)
    assert json.loads(example) == json.loads((FOLDER / "events.json").read_text())[name]
    assert _documented_fields(SECTIONS[name]) == {
        "": _required_by_field(EVENT_DATA[name]),
        **{part: _required_by_field(PARTS[part]) for part in EVENT_DATA[name].model_fields.keys() & PARTS.keys()},
    }


def _documented_fields(section: str) -> dict[str, dict[str, bool]]:
    """The fields in each table of the section, by the field that has them, and whether they are required."""
    tables: dict[str, dict[str, bool]] = {"": {}}
    for heading, rows in re.findall(r"^\| field([^|]*)\| \| meaning \|\n\|---.*\n((?:\|.*\n)+)", section, re.MULTILINE):
        table = tables.setdefault("".join(re.findall(r"`(\w+)`", heading)), {})
        for names, need in re.findall(r"^\| ([^|]+) \| ([^|]+) \|", rows, re.MULTILINE):
            table |= dict.fromkeys(re.findall(r"`(\w+)`", names), need.strip() == "required")
    return tables


def _required_by_field(model: type[BaseModel]) -> dict[str, bool]:
    return {name: field.is_required() for name, field in model.model_fields.items()}


def test_the_introduction_has_the_rate_limits_of_the_template() -> None:
    introduction = (ROOT / "contract" / "introduction.md").read_text()
    rows = re.findall(r"^\| [^|]+ \| (\d+) \| (\d+) \|", introduction, re.MULTILINE)
    (api,) = (one for one in template_resources().values() if one["Type"] == "AWS::Serverless::Api")
    limits = {
        (setting["ThrottlingRateLimit"], setting["ThrottlingBurstLimit"])
        for setting in api["Properties"]["MethodSettings"]
    }
    assert {(int(rate), int(burst)) for rate, burst in rows} == limits
