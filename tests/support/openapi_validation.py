"""Checks answers against docs/openapi.json. A field that the document does not have is an error."""

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from deploy.repository_paths import ROOT


def check_answer(function: str, status: int, content_type: str, text: str) -> None:
    """Raise KeyError or ValidationError for an answer that the document does not describe."""
    kind = content_type.partition(";")[0]
    body = json.loads(text) if kind.endswith("json") else text
    _validator(function, "default" if status >= 400 else str(status), kind).validate(body)


@cache
def _validator(function: str, response: str, content_type: str) -> Draft202012Validator:
    document = _document()
    (operation,) = (
        operation
        for path in document["paths"].values()
        for operation in path.values()
        if operation["operationId"] == function
    )
    content = operation["responses"][response]["content"][content_type]
    return Draft202012Validator(content["schema"] | {"components": document["components"]})


@cache
def _document() -> Any:
    document = json.loads((ROOT / "docs/openapi.json").read_text())
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return document
