"""A queue of held e-mails in memory."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class HeldMessage:
    """One message, and its delay."""

    outbox_id: str
    correlation_id: str
    delay: timedelta


class InMemoryHeldEmailQueue:
    """The HeldEmailQueue in memory: `messages` holds what was not delivered. While `is_broken`, enqueueing fails."""

    def __init__(self) -> None:
        self.messages: list[HeldMessage] = []
        self.is_broken = False

    def enqueue(self, outbox_id: str, correlation_id: str, delay: timedelta) -> None:
        if self.is_broken:
            raise ConnectionError
        self.messages.append(HeldMessage(outbox_id, correlation_id, delay))
