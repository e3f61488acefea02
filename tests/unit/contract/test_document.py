"""The OpenAPI document says everything about every operation, and its examples are true."""

import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from bookings.domain.kernel.errors import ProblemType
from bookings.domain.pms.event_models import EVENT_ALIASES, EVENT_DATA
from contract.problem_schemas import problem_kinds
from deploy.repository_paths import ROOT
from tests.support.openapi_validation import check_value, documented_operations, resolve

OPERATIONS = documented_operations()


def media_types(operation: Any) -> Iterator[tuple[str, Any]]:
    """The body and the answers of an operation, with their names."""
    if body := operation.get("requestBody"):
        yield "body", body["content"]["application/json"]
    for status, response in operation["responses"].items():
        for kind, content in resolve(response)["content"].items():
            yield f"{status} {kind}", content


EXAMPLES = [
    pytest.param(content["schema"], example, id=f"{name}-{place}")
    for name, operation in OPERATIONS.items()
    for place, content in media_types(operation)
    for example in [
        *([content["example"]] if "example" in content else []),
        *(one["value"] for one in content.get("examples", {}).values()),
    ]
]


@pytest.mark.parametrize(("schema", "example"), EXAMPLES)
def test_an_example_matches_its_schema(schema: Any, example: object) -> None:
    check_value(schema, example)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_body_and_answer_has_an_example(name: str) -> None:
    without = [
        place for place, content in media_types(OPERATIONS[name]) if not {"example", "examples"} & content.keys()
    ]
    assert without == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_and_every_parameter_is_described(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"]
    assert [one["name"] for one in operation["parameters"] if not one.get("description")] == []


def test_the_texts_have_no_remarks_for_developers_of_chairlink() -> None:
    text = (ROOT / "docs/openapi.json").read_text()
    assert re.findall(r"docs/\S+|adr/\d+|\bPydantic\b|\bDynamoDB\b|\bNone\b|\bPms\b", text) == []


def test_every_event_type_has_a_schema_and_an_example() -> None:
    (content,) = (content for place, content in media_types(OPERATIONS["receive_pms_events"]) if place == "body")
    events = resolve(content["schema"])["properties"]["events"]["items"]
    assert events["discriminator"]["mapping"].keys() == EVENT_DATA.keys()
    examples = [event["type"] for one in content["examples"].values() for event in one["value"]["events"]]
    assert sorted(examples) == sorted(EVENT_DATA.keys() - EVENT_ALIASES.keys())


def test_every_problem_type_has_a_status_and_a_page() -> None:
    kinds = problem_kinds()
    pages = {path.stem for path in (ROOT / "docs/problems").glob("*.md")} - {"README"}
    assert pages == kinds.keys() == set(get_args(ProblemType))


@pytest.mark.parametrize("kind", problem_kinds().values(), ids=lambda kind: kind.type)
def test_the_page_of_a_problem_has_its_status_and_title(kind: Any) -> None:
    page = (ROOT / f"docs/problems/{kind.type}.md").read_text()
    assert page.startswith(f"# {kind.type}\n")
    assert f"**{kind.status}** · {kind.title}" in page


def test_the_document_is_small_enough_to_read_at_once() -> None:
    assert len(json.dumps(json.loads((ROOT / "docs/openapi.json").read_text()))) < 400_000
