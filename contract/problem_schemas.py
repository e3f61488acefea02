"""The schemas of problem answers: one per problem type, and which problems an operation answers with."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from inspect import cleandoc
from typing import Any, get_args

from bookings.domain.kernel import errors
from bookings.domain.kernel.errors import ProblemType, Refusal
from bookings.entrypoints.problems import (
    INTERNAL_ERROR,
    InvalidRequestProblem,
    MoveProblem,
    PayloadTooLargeProblem,
    PossibleMatchProblem,
    Problem,
    RevisionStaleProblem,
    ScheduleConflictProblem,
    status_of,
)
from contract.json_schemas import Json
from contract.operations import Operation
from contract.routes import Route
from deploy.sam_template import template_resources

PROBLEM_BODIES: Mapping[ProblemType, Any] = {
    "invalid-request": InvalidRequestProblem,
    "already-decided": MoveProblem,
    "move-not-allowed": MoveProblem,
    "possible-match": PossibleMatchProblem,
    "schedule-conflict": ScheduleConflictProblem,
    "revision-stale": RevisionStaleProblem,
    "payload-too-large": PayloadTooLargeProblem,
}
"""The bodies of the problems that have members of their own. Every other problem is a `Problem`."""


@dataclass(frozen=True)
class ProblemKind:
    """A problem type with its status and texts."""

    type: ProblemType
    status: int
    title: str
    description: str
    detail: str | None = None
    """The usual detail: what to do next. None where it depends on the call."""

    @property
    def schema_name(self) -> str:
        """The name of its schema, such as `PossibleMatchProblem`."""
        return (
            "".join(part.upper() if part == "pms" else part.capitalize() for part in self.type.split("-")) + "Problem"
        )

    def schema(self, schemas: Mapping[Any, Json], components: Json) -> Json:
        """The schema of its body, in which type and status are fixed."""
        body = components[schemas[PROBLEM_BODIES.get(self.type, Problem)]["$ref"].rpartition("/")[2]]
        # A member that a TypedDict inherits has no docstring of its own.
        members = body["properties"] | components["Problem"]["properties"]
        members["type"] = {"type": "string", "const": self.type, "description": "Programs compare this."}
        members["status"] = {"type": "integer", "format": "int32", "const": self.status}
        return {**body, "description": self.description, "properties": members}


def problem_kinds() -> dict[ProblemType, ProblemKind]:
    """All problem types."""
    kinds = {kind.type: kind for kind in (*_gateway_problems(), *_refusals())}
    return {slug: kinds[slug] for slug in get_args(ProblemType)}


def _refusals() -> Iterator[ProblemKind]:
    pending: list[type[Refusal]] = [Refusal]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if hasattr(kind, "slug"):  # NotFound has several, Conflict none
            yield ProblemKind(kind.slug, int(status_of(kind)), kind.title, _summary(kind), kind.advice)
    for slug in errors.NOT_FOUND.values():
        yield ProblemKind(slug, int(HTTPStatus.NOT_FOUND), errors.NotFound.title, _summary(errors.NotFound))
    yield ProblemKind(
        "internal-error",
        INTERNAL_ERROR["status"],
        INTERNAL_ERROR["title"],
        "A fault in Chairlink.",
        INTERNAL_ERROR["detail"],
    )


def _summary(kind: type[Refusal]) -> str:
    return " ".join(cleandoc(str(kind.__doc__)).partition("\n\n")[0].split())


_OF_GATEWAY = {
    "timeout": "No answer within 29 seconds. The call may still be carried out; repeating it is safe.",
}
"""What the problems that only API Gateway answers with mean."""


def _gateway_problems() -> Iterator[ProblemKind]:
    """The problems that API Gateway answers with itself (GatewayResponses)."""
    (api,) = (one for one in template_resources().values() if one["Type"] == "AWS::Serverless::Api")
    for response in api["Properties"]["GatewayResponses"].values():
        body = json.loads(response["ResponseTemplates"]["application/json"])
        yield ProblemKind(
            body["type"], body["status"], body["title"], _OF_GATEWAY.get(body["type"], ""), body["detail"]
        )


def problems_of(route: Route, operation: Operation) -> list[ProblemType]:
    """The problems that the operation answers with, from its route, parameters and body."""
    return sorted({*operation.problems, *_common_problems(route), *_input_problems(route, operation)})


def _common_problems(route: Route) -> Iterator[ProblemType]:
    # API Gateway answers `malformed-request` to a call that it cannot read
    yield from ("malformed-request", "too-many-requests", "internal-error", "unavailable", "timeout")
    if not route.is_open or route.audience == "pms":
        yield "unauthenticated"
    if "{practice_id}" in route.path:
        yield "practice-not-found"
    if "{request_id}" in route.path or "{manage_token}" in route.path:
        yield "request-not-found"


def _input_problems(route: Route, operation: Operation) -> set[ProblemType]:
    """The problems that follow from what the operation takes."""
    by_input: list[tuple[object, set[ProblemType]]] = [
        (operation.for_managers, {"forbidden"}),
        (operation.if_match, {"revision-required", "revision-stale"}),
        (route.query, {"invalid-request"}),
        (operation.body, {"payload-too-large", "unsupported-media-type", "invalid-request"}),
        (
            operation.idempotency_key is not None,
            {"payload-too-large", "unsupported-media-type", "idempotency-key-reused"},
        ),
        (operation.idempotency_key, {"idempotency-key-required"}),
        (route.audience == "pms", {"idempotency-key-reused"}),
    ]
    return {slug for takes, slugs in by_input if takes for slug in slugs}
