"""GET /practices/{practice_id}/requests: the queue, page by page."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from bookings import views
from bookings.domain.commands import Day, Id
from bookings.domain.entity import Command
from bookings.domain.listing import Filters, Order
from bookings.domain.request import Status
from bookings.http import Answer, Call, decode_cursor, encode_cursor, endpoint
from bookings.storage.stores import open_stores
from bookings.use_cases import queue

STORES = open_stores()


class Query(Command):
    """Filters, order and page; several statuses are separated by commas."""

    status: Annotated[tuple[Status, ...], BeforeValidator(lambda text: tuple(text.split(",")))] = tuple(Status)
    source: Id | None = None
    practitioner_id: Id | None = None
    first_day: Day | None = Field(default=None, alias="from")
    last_day: Day | None = Field(default=None, alias="to")
    order: Order = Order.START
    limit: int = Field(default=25, ge=1, le=100)
    cursor: str | None = None

    def filters(self) -> Filters:
        """The same in the domain's words."""
        return Filters(
            statuses=tuple(dict.fromkeys(self.status)),
            source=self.source,
            practitioner_id=self.practitioner_id,
            first_day=self.first_day,
            last_day=self.last_day,
            order=self.order,
            limit=self.limit,
        )


@endpoint
def handler(call: Call) -> Answer:
    practice_id, query = call.staff(), call.query(Query)
    position = decode_cursor(query.order, query.cursor) if query.cursor is not None else None
    items, following = queue.page(STORES.practices, STORES.bookings, practice_id, query.filters(), position, call.now)
    return Answer(
        {
            "items": [views.request(item.request, item.fit) for item in items],
            "next_cursor": encode_cursor(query.order, following) if following else None,
        }
    )
