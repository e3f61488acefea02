"""Idempotency keys and records: a repeated call gets the first answer and has no second effect.

The record is written in the same transaction as the effect. So neither exists without the other, and a crash leaves
nothing to clean up (docs/adr/0006). The header is described in IETF draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.errors import IdempotencyKeyReused

IDEMPOTENCY_TTL = timedelta(days=1)
"""How long a repeated call gets the first answer."""

WEBHOOK_ID_TTL = timedelta(days=7)
"""How long a `webhook-id` is remembered, so that a replayed delivery changes nothing."""

_AnswerT = TypeVar("_AnswerT", bound=Entity)


class IdempotencyRecord(Entity):
    """The stored answer to a call, with a digest of its payload."""

    id: str
    payload_digest: str
    outcome: str
    expires_at: datetime


@dataclass(frozen=True)
class IdempotencyKey:
    """Identifies a call that may be repeated: the id of its record, and a digest of its payload.

    `reuse_advice` says what to do about another payload under the same key, if that is not the advice for the header.
    """

    idempotency_record_id: str
    payload_digest: str
    reuse_advice: str | None = None

    @classmethod
    def of(cls, *, principal: str, operation: str, key: str, payload: bytes) -> "IdempotencyKey":
        """A key that is scoped to the caller and the operation, so that callers never share one.

        `operation` is the method and the path, which contains the practice.
        """
        parts = f"{principal}\x1f{operation}\x1f{key}"
        return cls(hashlib.sha256(parts.encode()).hexdigest(), hashlib.sha256(payload).hexdigest())

    def idempotency_record(self, outcome: Entity, now: datetime, ttl: timedelta = IDEMPOTENCY_TTL) -> IdempotencyRecord:
        """The record to write in the transaction of the effect."""
        return IdempotencyRecord(
            id=self.idempotency_record_id,
            payload_digest=self.payload_digest,
            outcome=outcome.model_dump_json(),
            expires_at=now + ttl,
        )

    def replay(self, idempotency_record: IdempotencyRecord, kind: type[_AnswerT]) -> _AnswerT:
        """Return the first answer again. Raises IdempotencyKeyReused if the payload was a different one."""
        if idempotency_record.payload_digest != self.payload_digest:
            raise IdempotencyKeyReused(self.reuse_advice)
        return kind.model_validate_json(idempotency_record.outcome)
