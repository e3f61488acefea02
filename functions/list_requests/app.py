"""GET /practices/{practice_id}/requests: a page of the request queue.

`from` and `to` are days in the practice's time zone, both included, and apply to what the list is ordered by: the
requested start (`order=start`) or the day of receipt (`order=received`; `order=newest` is the same, newest first).
`attention=true` lists what needs another look. The filters from `weekday` to `pending_age` belong to the report,
which makes these queries itself (`requests` and `drill_down`). An empty value finds the requests without one:
`chair_id=`.

Follow `next_cursor` with the same parameters until it is null.
"""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import Day
from bookings.domain.reporting.request_query import RequestFilters, SortOrder
from bookings.domain.reporting.tally import COLUMNS, Cohort, Familiarity
from bookings.domain.requests.request import Status
from bookings.entrypoints.answers.lists import Page
from bookings.entrypoints.answers.requests import StaffRequest, to_staff_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.cursor import decode_cursor, encode_cursor
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.read_requests import list_requests

APP = bootstrap("practices", "bookings")


Name = Annotated[str, StringConstraints(max_length=128, pattern=r"^[^\x00-\x1f]*$")]
"""An id; empty for requests without one."""


def known_column(column: str) -> str:
    """Check that the column is one of the tally. Raises ValueError otherwise."""
    if column not in COLUMNS:
        raise ValueError("must be a value of counted_as from a report's drill_down")
    return column


class Query(Command):
    """Filters, order and page. Statuses are separated by commas. Filters after `service_id` are for drill-downs."""

    status: Annotated[tuple[Status, ...], BeforeValidator(lambda text: tuple(text.split(",")))] = tuple(Status)
    source: Name | None = None
    practitioner_id: Name | None = None
    chair_id: Name | None = None
    service_id: Name | None = None
    weekday: int | None = Field(default=None, ge=1, le=7)
    hour: int | None = Field(default=None, ge=0, le=23)
    patient: Familiarity | None = None
    counted_as: Annotated[str, AfterValidator(known_column)] | None = None
    pending_age: Literal["under_1_day", "under_2_days", "under_7_days", "longer"] | None = None
    first_day: Day | None = Field(default=None, alias="from")
    last_day: Day | None = Field(default=None, alias="to")
    attention: Literal["true"] | None = None
    order: SortOrder = SortOrder.START
    limit: int = Field(default=25, ge=1, le=100)
    cursor: str | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.attention and self.order is not SortOrder.START:
            raise ValueError("attention can only be combined with order=start")
        return self

    def filters(self, now: datetime) -> RequestFilters:
        """The filters for the use case."""
        return RequestFilters(
            statuses=tuple(dict.fromkeys(self.status)),
            group=self.model_dump(include=set(Cohort._fields), exclude_none=True),
            counted_as=self.counted_as,
            age=(self.pending_age, now) if self.pending_age else None,
            first_day=self.first_day,
            last_day=self.last_day,
            order=self.order,
            limit=self.limit,
            attention=self.attention is not None,
        )


@endpoint
def handler(call: Call) -> Answer[Page[StaffRequest]]:
    practice_id, query = call.staff(), call.query(Query)
    cursor = decode_cursor(query.order, query.cursor) if query.cursor is not None else None
    filters = query.filters(call.now)
    items, next_cursor = list_requests(APP.practices, APP.bookings, practice_id, filters, cursor, call.now)
    return Answer(
        {
            "items": [to_staff_request(item.request, item.fit, item.others) for item in items],
            "next_cursor": encode_cursor(query.order, next_cursor) if next_cursor else None,
        }
    )
