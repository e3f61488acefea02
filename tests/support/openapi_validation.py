"""Checks answers against docs/openapi.json. A status, header or field that the document does not have is an error."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from deploy.repository_paths import ROOT


def check_answer(function: str, status: int, headers: Mapping[str, str], text: str) -> None:
    """Raise KeyError, AssertionError or ValidationError for an answer that the document does not describe."""
    kind = headers["Content-Type"].partition(";")[0]
    response = _response(function, str(status))
    required = {name for name, header in response["headers"].items() if resolve(header).get("required")}
    assert required <= headers.keys(), f"{function} {status} has no header {required - headers.keys()}"
    schema = response["content"][kind]["schema"]
    body = json.loads(text) if kind.endswith("json") else text
    _validator(json.dumps(schema)).validate(body)


def documented_operations() -> Mapping[str, Any]:
    """The operations by their id."""
    return {
        operation["operationId"]: operation for path in _document()["paths"].values() for operation in path.values()
    }


def check_value(schema: Any, value: object) -> None:
    """Raise ValidationError if the value does not match the schema."""
    _validator(json.dumps(schema)).validate(value)


def _response(function: str, status: str) -> Any:
    return resolve(documented_operations()[function]["responses"][status])


def resolve(part: Any) -> Any:
    """The part, or the component that it refers to."""
    if "$ref" not in part:
        return part
    *_, kind, name = part["$ref"].split("/")
    return _document()["components"][kind][name]


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema) | {"components": _document()["components"]})


@cache
def _document() -> Any:
    """The document. Unlike callers, who ignore fields that they do not know, the tests refuse them."""
    document = json.loads((ROOT / "docs/openapi.json").read_text())
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return document
