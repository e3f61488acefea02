"""The manage token: the key with which a patient sees and withdraws a request."""

import hashlib
import hmac
from dataclasses import dataclass

from bookings.domain.kernel.errors import NotFound
from bookings.domain.requests.request import Request


@dataclass(frozen=True)
class ManageToken:
    """Who holds it may see and withdraw the request: its names, and a secret that the request knows a digest of."""

    practice_id: str
    request_id: str
    secret: str

    @classmethod
    def parse(cls, text: str) -> "ManageToken":
        """The token in this text; raises NotFound, as for a token that never was."""
        parts = text.split(".")
        if len(parts) != 3 or not all(parts):
            raise NotFound("request")
        return cls(*parts)

    @property
    def digest(self) -> str:
        """What the request keeps."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.practice_id}.{self.request_id}.{self.secret}"

    def opens(self, request: Request) -> bool:
        """Whether this is the request's own token."""
        return hmac.compare_digest(self.digest, request.manage_digest)
