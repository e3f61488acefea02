"""Parameters of operations: in the path, the query and the headers."""

import re
from collections.abc import Iterator
from typing import Any

from bookings.domain.requests.request import Status
from bookings.entrypoints.call import MAX_PATH_PART
from bookings.entrypoints.webhook import MAX_HEADER_LENGTHS
from contract.json_schemas import Json
from contract.operations import Operation
from contract.routes import Route

_PATH = {
    "practice_id": ("The practice.", "prac_harbour_dental"),
    "request_id": ("The booking request.", "req_01a1f3c52b7e9d01"),
    "finding_id": ("The finding, from the list of findings.", "find_8c1b0f6f2a5d4e3b9a7c"),
    "agent_id": ("The PMS sync agent.", "agt_harbour_dental"),
    "manage_token": (
        "The token that submitting the request answered with. Keep it secret.",
        "prac_harbour_dental.req_01a1f3c52b7e9d01.q7Jm2vXo8s1TzKd4LbWc9eRy",
    ),
}

_QUERY = {
    "attention": "Only requests that need another look (`attention` is not null). It needs `order=start`.",
    "chair_id": "Only requests for this chair; in a preview, the chair to book.",
    "counted_as": "Only requests that this figure of the report counts. The values are in the report's `drill_down`: "
    "`received`, or `status_`, `resolution_`, `appointment_`, `reason_`, `guardrail_`, `decided_` or `decided_open_` "
    "and a value of that figure, such as `resolution_linked`, `guardrail_no_pms_evidence` or `decided_within_1h`.",
    "cursor": "The `next_cursor` of the previous page, with the same parameters as there; left out for the first page.",
    "date": "The day, in the practice's time zone.",
    "days": "How many days to search before and after the requested one.",
    "duration_minutes": "The duration to book, in minutes.",
    "from": "The first day, in the practice's time zone.",
    "group_by": "What to group by; no groups without it.",
    "hour": "Only requests for a start in this hour of the day, in the practice's time zone.",
    "kind": "The e-mail to preview.",
    "limit": "How many items the answer has at most.",
    "order": "What the list is ordered by, and what `from` and `to` apply to.",
    "patient": "Only requests of new or of existing patients, by their own answer; empty for those without an answer.",
    "pending_age": "Only requests of this age, usually with `status=pending`: `under_1_day` was received today, "
    "`under_2_days` yesterday, `under_7_days` two to six days ago, `longer` before that.",
    "practitioner_id": "Only this practitioner; in a preview, the practitioner to book.",
    "reason": "The reason of the rejection.",
    "service_id": "Only this service; in a preview, the service to book.",
    "source": "Only requests from this source, such as `website`.",
    "start": "The start to book.",
    "status": "Only requests with one of these statuses, separated by commas; all by default. "
    + ", ".join(f"`{status}`" for status in Status),
    "to": "The last day, in the practice's time zone.",
    "weekday": "Only requests for a start on this weekday (ISO 8601: 1 is Monday).",
}
"""What query parameters mean, wherever they occur."""

_WEBHOOK = (
    (
        "webhook-id",
        "Your own unique id of this call, such as a random one. Repeat it when you repeat the call.",
        {"maxLength": MAX_HEADER_LENGTHS["webhook-id"]},
        "msg_2b7e1516",
    ),
    (
        "webhook-timestamp",
        "Seconds since 1970, now. It may differ from Chairlink's time by five minutes.",
        {"pattern": "^[0-9]{1,12}$"},
        "1782925331",
    ),
    (
        "webhook-signature",
        "`v1,` and the base64 HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}`; several, separated by spaces.",
        {"maxLength": MAX_HEADER_LENGTHS["webhook-signature"]},
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
)


def parameters(route: Route, operation: Operation, query: Json | None) -> list[Json]:
    """The parameters of an operation; `query` is the schema of its query parameters."""
    return [
        *_path_parameters(route),
        *(_query_parameters(query) if query else ()),
        *_header_parameters(route, operation),
    ]


def _path_parameters(route: Route) -> Iterator[Json]:
    for name in re.findall(r"{(\w+)}", route.path):
        description, example = _PATH[name]
        schema = {"type": "string", "minLength": 1, "maxLength": MAX_PATH_PART}
        yield {
            "name": name, "in": "path", "required": True, "description": description, "schema": schema,
            "example": example,
        }  # fmt: skip


def _query_parameters(query: Json) -> Iterator[Json]:
    required = query.get("required", ())
    for name, field in query["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": _QUERY[name],
            "schema": _parameter_schema({key: value for key, value in field.items() if key != "description"}),
        }


def _parameter_schema(schema: Json) -> Json:
    """The schema of a query parameter: null is not possible, and a list is text with commas."""
    if schema.get("type") == "array":
        return {"type": "string", "maxLength": 200}
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if key != "anyOf" and not (key == "default" and value is None)}
    return kept | (choices[0] if choices else {})


def _header_parameters(route: Route, operation: Operation) -> Iterator[Json]:
    if operation.if_match:
        yield _header(
            "If-Match",
            "The revision that the decision is based on: the `ETag` or `revision` of the request. Several are "
            "separated by commas, and `*` allows any. A weak tag (`W/`) never matches.",
            {"type": "string", "maxLength": 256, "pattern": r"\S"}, '"3"',
        )  # fmt: skip
    if operation.idempotency_key is not None:
        yield _header(
            "Idempotency-Key",
            "Your own id of this call, such as a UUID. It makes the call safe to repeat: for a day, the same key with "
            "the same body, query and `If-Match` gets the same answer, and nothing is done twice. In quotes it is the "
            "same key.",
            {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"},
            "5c0c1f0e-6a77-4a0e-9d4b-0f3c3a1f7a10",
            required=operation.idempotency_key,
        )
    if route.audience == "pms":
        for name, description, limits, example in _WEBHOOK:
            yield _header(name, description, {"type": "string", **limits}, example)


def _header(name: str, description: str, schema: Json, example: Any, *, required: bool = True) -> Json:
    return {
        "name": name, "in": "header", "required": required, "description": description, "schema": schema,
        "example": example,
    }  # fmt: skip
