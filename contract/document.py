"""The OpenAPI document: the template says which routes there are, the models what travels on them."""

import importlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema
from pydantic_core import core_schema

from bookings.domain.scheduling.conflicts import Obstacle
from bookings.use_cases.receive_pms_events import BatchResult
from contract.answers import Problem
from contract.operations import OPERATIONS, Operation

ROOT = Path(__file__).resolve().parent.parent
Json = dict[str, Any]
Schemas = Mapping[Any, Json]  # by model and mode

_SPARSE = (Problem, Obstacle, BatchResult)
"""They are written without what they do not know."""

_NAMES = "#/components/schemas/{model}"
_TAGS = {"practices": "staff", "public": "patients", "pms": "agents"}


@dataclass(frozen=True)
class Route:
    """One way into the API."""

    method: str
    path: str
    is_open: bool


class _Schema(GenerateJsonSchema):
    """Answers say every field that they have, also those that are null."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001  # Pydantic's own signature
    ) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


def document() -> Json:
    """The whole document; KeyError names a function of the API that OPERATIONS does not describe."""
    routes = dict(_routes())
    queries = {name: query for name in routes if (query := _query(name))}
    inputs = [operation.body for operation in OPERATIONS.values() if operation.body] + list(queries.values())
    outputs = [Problem, *(operation.answer for operation in OPERATIONS.values())]
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in dict.fromkeys(inputs)]
    wanted += [(model, "serialization") for model in dict.fromkeys(outputs)]
    schemas, definitions = models_json_schema(wanted, ref_template=_NAMES, schema_generator=_Schema)
    components = definitions["$defs"]
    for model in _SPARSE:
        components[model.__name__]["required"] = [
            name for name, field in model.model_fields.items() if field.is_required()
        ]
    paths: dict[str, Json] = {}
    for name, route in sorted(routes.items(), key=lambda each: (each[1].path, each[1].method)):
        query = queries.get(name)
        parameters = [*_in_path(route), *(_in_query(schemas, components, query) if query else ())]
        paths.setdefault(route.path, {})[route.method] = _operation(name, route, OPERATIONS[name], parameters, schemas)
    for query in queries.values():
        components.pop(_name(schemas[query, "validation"]), None)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chairlink", "version": "1", "description": "Problems and limits: docs/api.md."},
        "servers": [{"url": "/v1"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"staff": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(name: str, route: Route, operation: Operation, parameters: list[Json], schemas: Schemas) -> Json:
    body = operation.body and {
        "required": True,
        "content": {"application/json": {"schema": schemas[operation.body, "validation"]}},
    }
    answer = {"application/json": {"schema": schemas[operation.answer, "serialization"]}}
    table = {"text/csv": {"schema": {"type": "string"}}} if operation.is_table_too else {}
    return {
        "operationId": name,
        "summary": _summary(name),
        "tags": [_TAGS[route.path.split("/")[1]]],
        **({} if route.is_open else {"security": [{"staff": []}]}),
        "parameters": [*parameters, *_headers(operation)],
        **({"requestBody": body} if body else {}),
        "responses": {
            str(operation.status): {
                "description": "Done",
                "content": answer | table,
            },
            "default": {
                "description": "Refused",
                "content": {"application/problem+json": {"schema": schemas[Problem, "serialization"]}},
            },
        },
    }


def _routes() -> Iterator[tuple[str, Route]]:
    template = yaml.safe_load(re.sub(r"!\w+", "", (ROOT / "template.yaml").read_text()))
    for resource in template["Resources"].values():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        name = resource["Properties"]["CodeUri"].strip("/").rpartition("/")[2]
        for event in resource["Properties"].get("Events", {}).values():
            if event["Type"] == "Api":
                way = event["Properties"]
                yield name, Route(way["Method"], way["Path"], way.get("Auth", {}).get("Authorizer") == "NONE")


def _query(name: str) -> type[BaseModel] | None:
    query: type[BaseModel] | None = getattr(_module(name), "Query", None)
    return query


def _module(name: str) -> Any:
    os.environ.setdefault("AWS_DEFAULT_REGION", "ca-central-1")  # the stores open at import; nobody calls them here
    return importlib.import_module(f"functions.{name}.app")


def _summary(name: str) -> str:
    return str(_module(name).__doc__).partition(": ")[2].split("\n")[0].rstrip(".").capitalize()


def _in_path(route: Route) -> list[Json]:
    names = re.findall(r"{(\w+)}", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _in_query(schemas: Schemas, components: Json, query: type[BaseModel]) -> list[Json]:
    schema = components[_name(schemas[query, "validation"])]
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _text(part)}
        for name, part in schema["properties"].items()
    ]


def _text(schema: Json) -> Json:
    """A query parameter as it is written: a list as text with commas, and nothing for null."""
    if schema.get("type") == "array":
        return {"type": "string", "description": "several are separated by commas"}
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "title", "default")}
    return kept | (choices[0] if choices else {})


def _headers(operation: Operation) -> list[Json]:
    found = []
    if operation.if_match:
        found.append({"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}})
    if operation.idempotency_key is not None:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": operation.idempotency_key,
                "schema": {"type": "string", "maxLength": 255},
            }
        )
    return found


def _name(reference: Json) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
