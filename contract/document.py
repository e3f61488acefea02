"""Assemble the OpenAPI document from the template's routes, the handlers' types and docstrings, and the examples."""

from typing import Any

from bookings.entrypoints.problems import Problem
from contract.examples import answer_example, body_example, event_examples
from contract.introduction import INTRODUCTION, TAGS
from contract.json_schemas import Json, generate_schemas, referenced_names
from contract.operations import OPERATIONS, Operation
from contract.parameters import parameters
from contract.problem_schemas import PROBLEM_BODIES, problem_kinds, problems_of
from contract.responses import HEADERS, problem_responses, shared_responses, success_response
from contract.routes import Route, read_routes

_SECURITY: Json = {
    "staff_token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The ID token of a staff member. API Gateway verifies its signature, issuer, audience and "
        "expiry (RFC8725).",
    },
    "webhook_signature": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "Standard Webhooks 1.0: base64 HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`, made "
        "with the agent's secret.",
    },
}
_SECURITY_OF_AUDIENCE: Json = {"practices": [{"staff_token": []}], "public": [], "pms": [{"webhook_signature": []}]}
_TAG_OF_AUDIENCE = {"practices": "Staff", "public": "Patients", "pms": "PMS agents"}


def document() -> Json:
    """The document; raises KeyError with the name of a function that OPERATIONS lacks."""
    routes = list(read_routes())
    bodies = [operation.body for operation in OPERATIONS.values() if operation.body]
    queries = [route.query for route in routes if route.query]
    answers = [answer for route in routes for answer in route.answers if answer is not str]
    schemas, components = generate_schemas([*bodies, *queries], [*answers, Problem, *PROBLEM_BODIES.values()])
    kinds = problem_kinds()
    components |= {kind.schema_name: kind.schema(schemas, components) for kind in kinds.values()}
    paths: dict[str, Json] = {}
    for route in routes:
        operation = OPERATIONS[route.name]
        query = components[schemas[route.query]["$ref"].rpartition("/")[2]] if route.query else None
        paths.setdefault(route.path, {})[route.method] = {
            "operationId": route.name,
            "summary": route.summary,
            "description": route.description,
            "tags": [_TAG_OF_AUDIENCE[route.audience]],
            "security": _SECURITY_OF_AUDIENCE[route.audience],
            "parameters": parameters(route, operation, query),
            **_request_body(route, operation, schemas),
            "responses": {
                str(operation.status): success_response(route, operation, schemas, answer_example(route.name)),
                **dict(problem_responses(problems_of(route, operation), kinds)),
            },
        }
    referenced = set(referenced_names(paths))
    responses = {name: one for name, one in shared_responses(kinds.values()).items() if name in referenced}
    return {
        "openapi": "3.1.0",
        "info": INTRODUCTION,
        "servers": [
            {
                "url": "/v1",
                "description": "Local, staging or production: the host that shows this document",
                "x-internal": False,
            }
        ],
        "tags": TAGS,
        "paths": paths,
        "components": {
            "schemas": _used(components, {"paths": paths, "responses": responses}),
            "responses": responses,
            "headers": HEADERS,
            "securitySchemes": _SECURITY,
        },
    }


def _request_body(route: Route, operation: Operation, schemas: Any) -> Json:
    if operation.body is None:
        return {}
    is_batch = route.name == "receive_pms_events"
    examples = {"examples": event_examples()} if is_batch else {"example": body_example(route.name)}
    content = {"schema": schemas[operation.body], **examples}
    return {"requestBody": {"required": not operation.body_is_optional, "content": {"application/json": content}}}


def _used(components: Json, roots: Json) -> Json:
    """The schemas that the roots refer to, directly or through others, by name."""
    used: set[str] = set()
    pending = set(referenced_names(roots)) & components.keys()
    while pending:
        used |= pending
        pending = {name for one in pending for name in referenced_names(components[one])} & components.keys() - used
    return {name: components[name] for name in sorted(used)}
