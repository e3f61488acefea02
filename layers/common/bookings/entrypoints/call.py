"""One HTTP call: path, query, headers, body and caller, from an API Gateway event."""

import base64
import json
import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from bookings.domain.change_set import CommandContext
from bookings.domain.kernel import errors
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.kernel.validation_errors import invalid

if TYPE_CHECKING:
    pass


MAX_BODY = 16 * 1024
"""Bytes; no body of the contract but the agents' comes near it."""

MAX_PATH_PART = 256
"""Characters; no id or token comes near it."""

Body = TypeVar("Body", bound=BaseModel)


class Role(StrEnum):
    """What somebody may do in a practice; a manager may do all that the front desk may."""

    FRONT_DESK = "front_desk"
    MANAGER = "manager"


class Call:
    """One call: path, query, headers, body, and who makes it.

    The event is read as API Gateway documents it (Lambda proxy integration, payload 1.0).
    """

    def __init__(self, event: dict[str, Any], now: datetime) -> None:
        self._event = event
        self.now = now

    @cached_property
    def correlation_id(self) -> str:
        """API Gateway's id of the call; it travels on to the e-mail that the call leads to."""
        return str(self._event["requestContext"]["requestId"])

    def path(self, name: str) -> str:
        """A part of the path; raises NotFound for one longer than any name, which storage would not look up."""
        value: str = self._event["pathParameters"][name]
        if len(value) > MAX_PATH_PART:
            raise errors.NotFound("request" if name == "manage_token" else name.removesuffix("_id"))
        return value

    def header(self, name: str) -> str | None:
        """A header, whatever the case of its name."""
        return self.headers.get(name.lower())

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """All headers; their names, whose case means nothing (RFC 9110 §5.1), in small letters."""
        return {name.lower(): value for name, value in (self._event["headers"] or {}).items()}

    def query(self, model: type[Body]) -> Body:
        """The query parameters; raises Invalid."""
        try:
            return model.model_validate_strings(self._event["queryStringParameters"] or {})
        except ValidationError as error:
            raise invalid(error) from None

    def raw_body(self, limit: int = MAX_BODY) -> bytes:
        """The body, byte by byte; raises TooLarge or Malformed."""
        body = self._event["body"] or ""
        try:
            raw = base64.b64decode(body, validate=True) if self._event["isBase64Encoded"] else body.encode()
        except ValueError:
            raise errors.Malformed("The body is not UTF-8 text.") from None
        if len(raw) > limit:
            raise errors.TooLarge(f"The body may have {limit} bytes.", limit=limit)
        return raw

    def body(self, model: type[Body]) -> Body:
        """The JSON body; raises TooLarge, Malformed or Invalid."""
        raw = self.raw_body()
        load_json(raw)
        try:
            return model.model_validate_json(raw)
        except ValidationError as error:
            raise invalid(error) from None

    def staff(self, role: Role = Role.FRONT_DESK) -> str:
        """The practice of the path, if the caller works there; raises NotFound otherwise, Forbidden for the wrong role.

        API Gateway's authorizer has verified the token; the groups are its claim `cognito:groups`.
        """
        practice_id = self.path("practice_id")
        roles = {group_role for practice, group_role in self._groups if practice == practice_id}
        if not roles & set(Role):
            raise errors.NotFound("practice")
        if role not in roles and Role.MANAGER not in roles:
            raise errors.Forbidden
        return practice_id

    def stamp(self, by: str) -> Stamp:
        """Who acts, and when. The claim `name` (OpenID Connect §5.1) is there where staff act."""
        name = str(self._claims.get("name") or "")[:MAX_PATH_PART]
        return Stamp(by=by, at=self.now, correlation_id=self.correlation_id, by_name=name or None)

    def command_context(self) -> CommandContext:
        """What a decision of the front desk is about; raises RevisionRequired or RevisionStale with NotFound first."""
        practice_id = self.staff()
        by = self.staff_member
        return CommandContext(
            practice_id, self.path("request_id"), self.revision(), self.idempotency_key(by), self.stamp(by)
        )

    @property
    def staff_member(self) -> str:
        """Who of the staff calls, as history names them."""
        return f"staff:{self._claims.get('sub', 'unknown')}"

    def revision(self) -> int:
        """The revision in If-Match (RFC 9110 §13.1.1)."""
        tag = self.header("If-Match")
        if not tag:
            raise errors.RevisionRequired
        written = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', tag.strip())
        if not written:
            raise errors.RevisionStale("If-Match names no revision of this request.")
        return int(written[1])

    def idempotency_key(self, principal: str) -> IdempotencyKey | None:
        """The caller's Idempotency-Key, if they sent one; raises Malformed for one that is none."""
        key = self.header("Idempotency-Key")
        if key is None:
            return None
        if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
            raise errors.Malformed("An Idempotency-Key is 1 to 255 printable ASCII characters.")
        operation = f"{self._event['httpMethod']} {self._event['path']}"
        query = self._event["queryStringParameters"]
        asked = json.dumps(query, sort_keys=True) if query else ""
        payload = self.raw_body() + (self.header("If-Match") or "").encode() + asked.encode()
        return IdempotencyKey.of(principal=principal, operation=operation, key=key, payload=payload)

    def required_idempotency_key(self, principal: str) -> IdempotencyKey:
        """The caller's Idempotency-Key; raises IdempotencyKeyRequired."""
        idempotency_key = self.idempotency_key(principal)
        if idempotency_key is None:
            raise errors.IdempotencyKeyRequired
        return idempotency_key

    @cached_property
    def _claims(self) -> dict[str, Any]:
        claims: dict[str, Any] = (self._event["requestContext"].get("authorizer") or {}).get("claims") or {}
        return claims

    @property
    def _groups(self) -> list[tuple[str, str]]:
        """`<practice_id>:<role>` pairs. A REST API hands the list over as one string; emulators differ in its form."""
        claim = self._claims.get("cognito:groups") or ""
        groups = claim if isinstance(claim, list) else re.split(r"[\s,\[\]]+", claim)
        return [(practice, role) for practice, _, role in (str(group).rpartition(":") for group in groups)]


def load_json(raw: bytes) -> Any:
    """The JSON value; raises Malformed also for a key that comes twice, which parsers read in different ways."""
    try:
        from_json(raw, allow_inf_nan=False)  # how deep a body may go, and which characters it may hold, are Pydantic's
        return json.loads(raw, object_pairs_hook=_no_key_twice)
    except ValueError:
        raise errors.Malformed("The body is not JSON with each key once.") from None


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key comes twice")
    return dict(pairs)
