"""Filters, sort order and result page of the request list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import Day
from bookings.domain.reporting.tally import age_column, cohort, columns_of
from bookings.domain.requests.request import Request, Status


class SortOrder(StrEnum):
    """`start`: by requested start, earliest first. `received`, `newest`: by time of receipt, oldest or newest first."""

    START = "start"
    RECEIVED = "received"
    NEWEST = "newest"


@dataclass(frozen=True)
class RequestFilters:
    """Which requests to list, and in which order.

    - `first_day` and `last_day`, both included, limit the time that the list is sorted by.
    - `group` has fields of the cohort and their values, `counted_as` is a column of the tally, and `age` is a column
      of AGES with the current time. So a list can have exactly the requests behind a figure of the report.
    - With `attention`, only requests that have an attention are listed, by requested start.
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
        """Whether the request passes the filters that are not part of a table's or an index's key."""
        request_cohort = cohort(request)
        return (
            request.status in self.statuses
            and (request.attention is not None or not self.attention)
            and all(getattr(request_cohort, name) == value for name, value in self.group.items())
            and (self.counted_as is None or bool(columns_of(request)[self.counted_as]))
            and (self.age is None or self._has_age(request))
        )

    def _has_age(self, request: Request) -> bool:
        column, now = self.age or ("", request.received_at)
        return age_column(cohort(request).day, now.astimezone(request.requested.zone).date()) == column


@dataclass(frozen=True)
class RequestPage:
    """One page of requests, and the cursor of the next page; None on the last page."""

    items: tuple[Request, ...]
    next_cursor: str | None


class DaysOfReceipt(Command):
    """Requests received from one day to another, both included. The default is the last 90 days."""

    first_day: Day | None = Field(default=None, alias="from")
    last_day: Day | None = Field(default=None, alias="to")
