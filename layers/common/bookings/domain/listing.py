"""Which requests a page of the queue shows, and in which order."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bookings.domain.request import Request, Status


class Order(StrEnum):
    """By the requested start or by age, earliest first."""

    START = "start"
    RECEIVED = "received"


@dataclass(frozen=True)
class Filters:
    """What the caller wants to see. The days, both included, bound the time that the list is ordered by."""

    statuses: tuple[Status, ...] = tuple(Status)
    source: str | None = None
    practitioner_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    order: Order = Order.START
    limit: int = 25

    def admits(self, request: Request) -> bool:
        """Whether the request passes the filters that no index serves."""
        return self.source in (None, request.source) and self.practitioner_id in (
            None,
            request.requested.practitioner_id,
        )


@dataclass(frozen=True)
class Page:
    """Some requests, and the position after which the next page begins; None at the end."""

    items: tuple[Request, ...]
    next_position: str | None
