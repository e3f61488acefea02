"""The manage token, with which a patient sees and withdraws their request without an account."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.domain.kernel.errors import NotFound
from bookings.domain.requests.request import Request

TOKEN_LIFE_AFTER_VISIT = timedelta(days=31)
"""How long after the visit a token ends. A link in an old e-mail must not tell for ever who was at the dentist's."""


@dataclass(frozen=True)
class ManageToken:
    """The ids of practice and request, and a secret of which the request stores only a digest."""

    practice_id: str
    request_id: str
    secret: str

    @classmethod
    def parse(cls, text: str) -> "ManageToken":
        """Parse a token. Raises NotFound for a malformed text, the same error as for an unknown token."""
        parts = text.split(".")
        if len(parts) != 3 or not all(parts):
            raise NotFound("request")
        return cls(*parts)

    @property
    def digest(self) -> str:
        """SHA-256 of the secret in hex, as the request stores it."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.practice_id}.{self.request_id}.{self.secret}"

    def opens(self, request: Request, now: datetime) -> bool:
        """Whether this is the token of that request (compared in constant time), and has not ended."""
        visit = request.accepted or request.requested
        return hmac.compare_digest(self.digest, request.manage_digest) and now < visit.begins + TOKEN_LIFE_AFTER_VISIT


def new_manage_token(practice_id: str, request_id: str) -> ManageToken:
    """A token with a new random secret of 192 bits."""
    return ManageToken(practice_id, request_id, secrets.token_urlsafe(24))
