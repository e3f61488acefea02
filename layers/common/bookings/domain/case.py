"""What a decision is about."""

from dataclasses import dataclass

from bookings.domain.change_set import Stamp
from bookings.domain.kernel.idempotency import Attempt


@dataclass(frozen=True)
class Case:
    """The request somebody decides about, the revision they have seen, and whether the call may be a repetition."""

    practice_id: str
    request_id: str
    revision: int
    attempt: Attempt | None
    stamp: Stamp

    @property
    def receipt_id(self) -> str | None:
        """Where the receipt of this call lies, if it is not the first."""
        return self.attempt.receipt_id if self.attempt else None
