"""Generate the OpenAPI document: routes come from template.yaml, schemas from the models."""

import importlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema
from pydantic_core import core_schema

from bookings.domain.scheduling.conflicts import Obstacle
from bookings.use_cases.receive_pms_events import BatchResult
from contract.answers import Problem
from contract.operations import OPERATIONS, Operation
from deploy.sam_template import template_resources

Json = dict[str, Any]
Schemas = Mapping[Any, Json]
"""References to schemas, by model and mode."""

_WITHOUT_NULLS = (Problem, Obstacle, BatchResult)
"""Models whose answers leave out empty fields."""

_REFERENCE = "#/components/schemas/{model}"
_TAGS = {"practices": "staff", "public": "patients", "pms": "agents"}


@dataclass(frozen=True)
class Route:
    """A route of the API. `is_open`: API Gateway asks for no token."""

    method: str
    path: str
    is_open: bool


class _Schema(GenerateJsonSchema):
    """In answers every field is required, also if its value can be null."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001  # Pydantic's own signature
    ) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


def document() -> Json:
    """The document; raises KeyError with the name of a function that OPERATIONS lacks."""
    routes = dict(_routes())
    queries = {name: query for name in routes if (query := _query(name))}
    inputs = [operation.body for operation in OPERATIONS.values() if operation.body] + list(queries.values())
    outputs = [Problem, *(operation.answer for operation in OPERATIONS.values())]
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in dict.fromkeys(inputs)]
    models += [(model, "serialization") for model in dict.fromkeys(outputs)]
    schemas, definitions = models_json_schema(models, ref_template=_REFERENCE, schema_generator=_Schema)
    components = definitions["$defs"]
    for model in _WITHOUT_NULLS:
        components[model.__name__]["required"] = [
            name for name, field in model.model_fields.items() if field.is_required()
        ]
    paths: dict[str, Json] = {}
    for name, route in sorted(routes.items(), key=lambda item: (item[1].path, item[1].method)):
        query = queries.get(name)
        parameters = [*_path_parameters(route), *(_query_parameters(schemas, components, query) if query else ())]
        paths.setdefault(route.path, {})[route.method] = _operation(name, route, OPERATIONS[name], parameters, schemas)
    for query in queries.values():
        components.pop(_schema_name(schemas[query, "validation"]), None)
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
    csv = {"text/csv": {"schema": {"type": "string"}}} if operation.is_table_too else {}
    return {
        "operationId": name,
        "summary": _summary(name),
        "tags": [_TAGS[route.path.split("/")[1]]],
        **({} if route.is_open else {"security": [{"staff": []}]}),
        "parameters": [*parameters, *_header_parameters(operation)],
        **({"requestBody": body} if body else {}),
        "responses": {
            str(operation.status): {
                "description": "Done",
                "content": answer | csv,
            },
            "default": {
                "description": "Refused",
                "content": {"application/problem+json": {"schema": schemas[Problem, "serialization"]}},
            },
        },
    }


def _routes() -> Iterator[tuple[str, Route]]:
    for resource in template_resources().values():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        name = resource["Properties"]["CodeUri"].strip("/").rpartition("/")[2]
        for event in resource["Properties"].get("Events", {}).values():
            if event["Type"] == "Api":
                api = event["Properties"]
                yield name, Route(api["Method"], api["Path"], api.get("Auth", {}).get("Authorizer") == "NONE")


def _query(name: str) -> type[BaseModel] | None:
    query: type[BaseModel] | None = getattr(_module(name), "Query", None)
    return query


def _module(name: str) -> Any:
    # Importing a function bootstraps it, which needs these settings. No call is made.
    os.environ.setdefault("AWS_DEFAULT_REGION", "ca-central-1")
    os.environ.setdefault("REPORTS_BUCKET", "unused")
    return importlib.import_module(f"functions.{name}.app")


def _summary(name: str) -> str:
    """The first line of the function's docstring, after its route."""
    text = str(_module(name).__doc__).partition(": ")[2].split("\n")[0].rstrip(".")
    return text[:1].upper() + text[1:]


def _path_parameters(route: Route) -> list[Json]:
    names = re.findall(r"{(\w+)}", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(schemas: Schemas, components: Json, query: type[BaseModel]) -> list[Json]:
    schema = components[_schema_name(schemas[query, "validation"])]
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _parameter_schema(field)}
        for name, field in schema["properties"].items()
    ]


def _parameter_schema(schema: Json) -> Json:
    """The schema of a query parameter: a list is text with commas, and null is not possible."""
    if schema.get("type") == "array":
        return {"type": "string", "description": "One or more values, separated by commas"}
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "title", "default")}
    return kept | (choices[0] if choices else {})


def _header_parameters(operation: Operation) -> list[Json]:
    headers = []
    if operation.if_match:
        headers.append({"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}})
    if operation.idempotency_key is not None:
        headers.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": operation.idempotency_key,
                "schema": {"type": "string", "maxLength": 255},
            }
        )
    return headers


def _schema_name(reference: Json) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
