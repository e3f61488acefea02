"""Receipts: what makes a repeated call harmless.

A receipt is written in the transaction of the effect itself, so there is never one without the other, and nothing to
clean up when a caller dies in between. (IETF draft-ietf-httpapi-idempotency-key-header describes the header.)
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.errors import IdempotencyKeyReused

IDEMPOTENCY_TTL = timedelta(days=1)

WEBHOOK_ID_TTL = timedelta(days=7)
"""DESIGN §6."""

Answer = TypeVar("Answer", bound=Entity)


class IdempotencyRecord(Entity):
    """What a call with this key and payload was answered."""

    id: str
    payload_digest: str
    outcome: str
    expires_at: datetime


@dataclass(frozen=True)
class IdempotencyKey:
    """A call that may be a repetition: whose key it is, and a digest of what it asks."""

    idempotency_record_id: str
    payload_digest: str

    @classmethod
    def of(cls, *, principal: str, operation: str, key: str, payload: bytes) -> "IdempotencyKey":
        """Keys live with the caller and the operation (which names the practice): nobody meets another's."""
        parts = f"{principal}\x1f{operation}\x1f{key}"
        return cls(hashlib.sha256(parts.encode()).hexdigest(), hashlib.sha256(payload).hexdigest())

    def idempotency_record(self, outcome: Entity, now: datetime, ttl: timedelta = IDEMPOTENCY_TTL) -> IdempotencyRecord:
        """The receipt to write beside the effect."""
        return IdempotencyRecord(
            id=self.idempotency_record_id,
            payload_digest=self.payload_digest,
            outcome=outcome.model_dump_json(),
            expires_at=now + ttl,
        )

    def replay(self, idempotency_record: IdempotencyRecord, kind: type[Answer]) -> Answer:
        """The first answer once more; raises IdempotencyKeyReused if it belongs to another payload."""
        if idempotency_record.payload_digest != self.payload_digest:
            raise IdempotencyKeyReused
        return kind.model_validate_json(idempotency_record.outcome)
