"""The responses of an operation: the answer, and one response per status of its problems."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Any

from bookings.domain.kernel.errors import ProblemType
from contract.examples import problem_example
from contract.json_schemas import Json
from contract.operations import Operation
from contract.problem_schemas import ProblemKind
from contract.routes import Route

_CORRELATION = {"X-Correlation-Id": {"$ref": "#/components/headers/CorrelationId"}}
HEADERS: Json = {
    "CorrelationId": {
        "description": "The id of this call in Chairlink's logs. Name it when you report a problem.",
        "schema": {"type": "string", "maxLength": 128},
        "example": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    },
    "ETag": {
        "required": True,
        "description": "The revision of the request. Send it in `If-Match` with a decision.",
        "schema": {"type": "string", "maxLength": 64},
        "example": '"3"',
    },
    "RetryAfter": {
        "required": True,
        "description": "Seconds to wait before the next try.",
        "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 3600},
        "example": 2,
    },
    "Challenge": {
        "description": "How to authenticate: `Bearer` for staff, `StandardWebhooks` for agents. Amazon API Gateway "
        "passes the header of an agent's answer on as `x-amzn-remapped-www-authenticate`.",
        "schema": {"type": "string", "maxLength": 128},
        "example": 'Bearer realm="chairlink"',
    },
    "AcceptEncoding": {
        "required": True,
        "description": "The content coding that a body may have: none.",
        "schema": {"type": "string", "const": "identity"},
        "example": "identity",
    },
    "Vary": {
        "required": True,
        "description": "The request headers that the form of the answer depends on.",
        "schema": {"type": "string", "const": "Accept"},
        "example": "Accept",
    },
    "ContentDisposition": {
        "description": "A name for the file.",
        "schema": {"type": "string", "maxLength": 256},
        "example": 'attachment; filename="online-scheduling-2026-06-01-2026-06-30.csv"',
    },
}
"""The response headers, under components/headers."""

_PROBLEM_HEADERS: Mapping[int, Json] = {
    401: {"WWW-Authenticate": {"$ref": "#/components/headers/Challenge"}},
    415: {"Accept-Encoding": {"$ref": "#/components/headers/AcceptEncoding"}},
    429: {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}},
    503: {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}},
    504: {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}},
}

_BY_GATEWAY = {"too-many-requests", "timeout"}
"""Problems that API Gateway answers with, which has no correlation id of the function."""


def success_response(route: Route, operation: Operation, schemas: Mapping[Any, Json], example: Any) -> Json:
    """The response of a call that succeeds."""
    headers = dict(_CORRELATION)
    if operation.has_etag:
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    content: Json = {}
    if len(route.answers) > 1:
        headers["Vary"] = {"$ref": "#/components/headers/Vary"}
    for body in route.answers:
        if body is str:
            headers["Content-Disposition"] = {"$ref": "#/components/headers/ContentDisposition"}
            content["text/csv"] = {"schema": {"type": "string", "maxLength": 10_000_000}, "example": "…"}
        else:
            content["application/json"] = {"schema": schemas[body], "example": example}
    return {"description": HTTPStatus(operation.status).phrase, "headers": headers, "content": content}


def problem_responses(
    slugs: Iterable[ProblemType], kinds: Mapping[ProblemType, ProblemKind]
) -> Iterator[tuple[str, Json]]:
    """The responses of refused calls, by status."""
    chosen = sorted((kinds[slug] for slug in slugs), key=lambda kind: (kind.status, kind.type))
    for status, group in groupby(chosen, key=lambda kind: kind.status):
        alternatives = list(group)
        if len(alternatives) == 1:
            yield str(status), {"$ref": f"#/components/responses/{_response_name(alternatives[0])}"}
        else:
            yield str(status), _response(alternatives)


def shared_responses(kinds: Iterable[ProblemKind]) -> Json:
    """The responses with one problem type, under components/responses."""
    return {_response_name(kind): _response([kind]) for kind in kinds}


def _response_name(kind: ProblemKind) -> str:
    return kind.schema_name.removesuffix("Problem")


def _response(kinds: list[ProblemKind]) -> Json:
    references = {kind.type: f"#/components/schemas/{kind.schema_name}" for kind in kinds}
    schema: Json = {"$ref": next(iter(references.values()))}
    if len(kinds) > 1:
        schema = {
            "oneOf": [{"$ref": reference} for reference in references.values()],
            "discriminator": {"propertyName": "type", "mapping": references},
        }
    by_gateway = all(kind.type in _BY_GATEWAY for kind in kinds)
    return {
        "description": " · ".join(f"`{kind.type}`: {kind.description.rstrip('.')}" for kind in kinds),
        "headers": ({} if by_gateway else _CORRELATION) | _PROBLEM_HEADERS.get(kinds[0].status, {}),
        "content": {
            "application/problem+json": {
                "schema": schema,
                "examples": {kind.type: {"value": problem_example(kind)} for kind in kinds},
            }
        },
    }
