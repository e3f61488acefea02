"""One HTTP call, read from an API Gateway event: path, query, headers, body and caller."""

import base64
import json
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from bookings.domain.change_set import CommandContext
from bookings.domain.kernel import errors
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.kernel.validation_errors import to_invalid
from bookings.entrypoints.http_headers import allowed_revisions, has_content_coding, unquoted
from bookings.entrypoints.staff_claims import Role, roles_in

MAX_BODY = 16 * 1024
"""Bytes. Bodies of staff and patients are much smaller; batches of agents have a limit of their own."""

MAX_PATH_PART = 256
"""Characters. Ids and tokens are much shorter."""

_REFUSAL_OF_PATH_PART: Mapping[str, errors.Refusal] = {
    "practice_id": errors.NotFound("practice"),
    "request_id": errors.NotFound("request"),
    "manage_token": errors.NotFound("request"),
    "finding_id": errors.NotFound("finding"),
    "agent_id": errors.Unauthenticated(),
}

Body = TypeVar("Body", bound=BaseModel)


class Call:
    """One call: path, query, headers, body and caller.

    The event has the format of a Lambda proxy integration, payload version 1.0:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """

    def __init__(self, event: dict[str, Any], now: datetime) -> None:
        self._event = event
        self.now = now.replace(microsecond=0)
        self._milliseconds = now.microsecond // 1000

    @cached_property
    def correlation_id(self) -> str:
        """API Gateway's id of the call. It is also stored with the e-mail that the call causes."""
        return str(self._event["requestContext"]["requestId"])

    def path(self, name: str) -> str:
        """A path parameter; raises NotFound (Unauthenticated for an agent) if it is longer than any id or token."""
        value: str = self._event["pathParameters"][name]
        if len(value) > MAX_PATH_PART:
            raise _REFUSAL_OF_PATH_PART[name]
        return value

    def header(self, name: str) -> str | None:
        """The header of that name, which is not case-sensitive; None if it is missing."""
        return self.headers.get(name.lower())

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """All headers, with names in lower case, because names are not case-sensitive (RFC 9110 §5.1).

        A header that occurs several times has one value, with commas (§5.3). `headers` of the event has only the last.
        """
        single = {name.lower(): value for name, value in (self._event["headers"] or {}).items()}
        several = (self._event.get("multiValueHeaders") or {}).items()
        return single | {name.lower(): ", ".join(values) for name, values in several}

    def query(self, model: type[Body]) -> Body:
        """The query parameters as this model. Raises Invalid, also for one that occurs twice: which one counts?"""
        several = (self._event.get("multiValueQueryStringParameters") or {}).items()
        if repeated := [name for name, values in several if len(values) > 1]:
            raise errors.Invalid([{"field": name[:64], "message": "occurs twice; send it once"} for name in repeated])
        try:
            return model.model_validate_strings(self._event["queryStringParameters"] or {})
        except ValidationError as error:
            raise to_invalid(error) from None

    def raw_body(self, limit: int = MAX_BODY) -> bytes:
        """The body as bytes; raises ContentCoded, TooLarge or Malformed."""
        if has_content_coding(self.header("Content-Encoding") or ""):
            raise errors.ContentCoded
        body = self._event["body"] or ""
        try:
            raw = base64.b64decode(body, validate=True) if self._event["isBase64Encoded"] else body.encode()
        except ValueError:
            raise errors.Malformed("The body cannot be decoded. Send it as UTF-8 text.") from None
        if len(raw) > limit:
            raise errors.TooLarge(f"The body must have at most {limit} bytes.", limit=limit)
        return raw

    def body(self, model: type[Body]) -> Body:
        """The JSON body as this model, whatever its Content-Type.

        Raises ContentCoded, TooLarge, Malformed or Invalid.
        """
        raw = self.raw_body()
        load_json(raw)
        try:
            return model.model_validate_json(raw)
        except ValidationError as error:
            raise to_invalid(error) from None

    def staff(self, role: Role = Role.FRONT_DESK) -> str:
        """The practice in the path, if the caller works there. API Gateway's authorizer has verified the token.

        Raises NotFound, Forbidden for the wrong role, or Unauthenticated for a token that is no ID token.
        """
        practice_id = self.path("practice_id")
        roles = roles_in(practice_id, self._claims)
        if not roles:
            raise errors.NotFound("practice")
        if role not in roles and Role.MANAGER not in roles:
            raise errors.Forbidden
        return practice_id

    def stamp(self, by: str) -> Stamp:
        """Who acts, and when. Tokens of staff have the claim `name` (OpenID Connect Core §5.1)."""
        name = str(self._claims.get("name") or "")[:MAX_PATH_PART]
        return Stamp(
            by=by,
            at=self.now,
            correlation_id=self.correlation_id,
            by_name=name or None,
            milliseconds=self._milliseconds,
        )

    def command_context(self) -> CommandContext:
        """The context of a front desk's decision; raises NotFound, RevisionRequired, RevisionStale or Malformed."""
        practice_id = self.staff()
        by = self.staff_member
        return CommandContext(
            practice_id, self.path("request_id"), self.allowed_revisions(), self.idempotency_key(by), self.stamp(by)
        )

    @property
    def staff_member(self) -> str:
        """The id of the calling staff member, in the form that the history uses."""
        return f"staff:{self._claims.get('sub', 'unknown')}"

    def allowed_revisions(self) -> Collection[int]:
        """The revisions that If-Match allows; raises RevisionRequired, or RevisionStale if it allows none."""
        if_match = self.header("If-Match")
        if not if_match or not if_match.strip():
            raise errors.RevisionRequired
        revisions = allowed_revisions(if_match)
        if not revisions:
            raise errors.RevisionStale(
                "If-Match has no revision that could match. Send the ETag of the request as you read it, or *."
            )
        return revisions

    def idempotency_key(self, principal: str) -> IdempotencyKey | None:
        """The caller's Idempotency-Key, or None; raises Malformed for an invalid one.

        The draft of the header has it in quotes, as a string of structured fields; without them it is the same key.
        """
        header = self.header("Idempotency-Key")
        if header is None:
            return None
        key = unquoted(header)
        if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
            raise errors.Malformed("The Idempotency-Key must have 1 to 255 printable ASCII characters and no spaces.")
        operation = f"{self._event['httpMethod']} {self._event['path']}"
        query = self._event["queryStringParameters"]
        sorted_query = json.dumps(query, sort_keys=True) if query else ""
        payload = self.raw_body() + (self.header("If-Match") or "").encode() + sorted_query.encode()
        return IdempotencyKey.of(principal=principal, operation=operation, key=key, payload=payload)

    def required_idempotency_key(self, principal: str) -> IdempotencyKey:
        """The caller's Idempotency-Key; raises IdempotencyKeyRequired or Malformed."""
        idempotency_key = self.idempotency_key(principal)
        if idempotency_key is None:
            raise errors.IdempotencyKeyRequired
        return idempotency_key

    @cached_property
    def _claims(self) -> dict[str, Any]:
        claims: dict[str, Any] = (self._event["requestContext"].get("authorizer") or {}).get("claims") or {}
        return claims


def load_json(raw: bytes) -> Any:
    """The JSON value. Raises Malformed, also for a duplicate key: parsers do not agree on which value counts."""
    try:
        from_json(raw, allow_inf_nan=False)  # applies Pydantic's limits for nesting and characters
        return json.loads(raw, object_pairs_hook=_reject_duplicate_keys)
    except ValueError:
        raise errors.Malformed(
            "The body is not valid JSON, or an object in it has the same key twice. Correct it and send it again."
        ) from None


def _reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)
