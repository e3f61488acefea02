"""Which requests a page of the queue shows, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bookings.domain.reporting.tally import age_column, cohort, columns_of
from bookings.domain.requests.request import Request, Status


class SortOrder(StrEnum):
    """By the requested start or by the time of receipt, earliest first; or by receipt, newest first."""

    START = "start"
    RECEIVED = "received"
    NEWEST = "newest"


@dataclass(frozen=True)
class RequestFilters:
    """What the caller wants to see. The days, both included, bound the time that the list is ordered by.

    `group` names attributes of the cohort, as the report groups by them; `counted_as` is one of the tally's columns.
    So a list can hold exactly the requests behind a figure. With `attention` only requests that ask for the front
    desk's are listed, by their start.
    """

    statuses: tuple[Status, ...] = tuple(Status)
    group: Mapping[str, str | int] = field(default_factory=dict)
    counted_as: str | None = None
    age: tuple[str, datetime] | None = None
    first_day: date | None = None
    last_day: date | None = None
    order: SortOrder = SortOrder.START
    limit: int = 25
    attention: bool = False

    def matches(self, request: Request) -> bool:
        """Whether the request passes the filters that no index serves."""
        counted = cohort(request)
        return (
            request.status in self.statuses
            and (request.attention is not None or not self.attention)
            and all(getattr(counted, name) == value for name, value in self.group.items())
            and (self.counted_as is None or bool(columns_of(request)[self.counted_as]))
            and (self.age is None or self._is_that_old(request))
        )

    def _is_that_old(self, request: Request) -> bool:
        wanted, now = self.age or ("", request.received_at)
        return age_column(cohort(request).day, now.astimezone(request.requested.zone).date()) == wanted


@dataclass(frozen=True)
class RequestPage:
    """Some requests, and the position after which the next page begins; None at the end."""

    items: tuple[Request, ...]
    next_cursor: str | None
