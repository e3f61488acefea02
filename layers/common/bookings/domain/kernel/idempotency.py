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

KEPT_FOR = timedelta(days=1)

WEBHOOK_IDS_KEPT_FOR = timedelta(days=7)
"""DESIGN §6."""

Outcome = TypeVar("Outcome", bound=Entity)


class Receipt(Entity):
    """What a call with this key and payload was answered."""

    id: str
    payload_digest: str
    outcome: str
    expires_at: datetime


@dataclass(frozen=True)
class Attempt:
    """A call that may be a repetition: whose key it is, and a digest of what it asks."""

    receipt_id: str
    payload_digest: str

    @classmethod
    def of(cls, *, principal: str, operation: str, key: str, payload: bytes) -> "Attempt":
        """Keys live with the caller and the operation (which names the practice): nobody meets another's."""
        parts = f"{principal}\x1f{operation}\x1f{key}"
        return cls(hashlib.sha256(parts.encode()).hexdigest(), hashlib.sha256(payload).hexdigest())

    def receipt(self, outcome: Entity, now: datetime, kept_for: timedelta = KEPT_FOR) -> Receipt:
        """The receipt to write beside the effect."""
        return Receipt(
            id=self.receipt_id,
            payload_digest=self.payload_digest,
            outcome=outcome.model_dump_json(),
            expires_at=now + kept_for,
        )

    def replay(self, receipt: Receipt, kind: type[Outcome]) -> Outcome:
        """The first answer once more; raises IdempotencyKeyReused if it belongs to another payload."""
        if receipt.payload_digest != self.payload_digest:
            raise IdempotencyKeyReused
        return kind.model_validate_json(receipt.outcome)
