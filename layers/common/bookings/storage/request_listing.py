"""A page of requests, at a cost that does not depend on how many there are."""

from datetime import datetime, time, timedelta
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

from bookings.domain.reporting.request_query import RequestFilters, RequestPage, SortOrder
from bookings.domain.requests.request import Request, Status
from bookings.storage.codec import Item, decode
from bookings.storage.dynamodb import DynamoDb, between
from bookings.storage.items import status_key, to_request
from bookings.storage.schema import (
    REQUESTS,
    REQUESTS_BY_ATTENTION,
    REQUESTS_BY_RECEIPT,
    REQUESTS_BY_START,
    KeySchema,
)

MAX_PAGES_READ = 4
"""Pages that are read for a filter that no index serves; then the page is shorter than asked for."""


def query_requests(
    database: DynamoDb, practice_id: str, tz: ZoneInfo, filters: RequestFilters, cursor: str | None
) -> RequestPage:
    """The requests after the cursor that match the filters."""
    partitions = _partitions(practice_id, filters)
    sort = partitions[0][0].sort
    newest_first = filters.order is SortOrder.NEWEST
    first, last = _bounds(filters, tz)
    found: list[Request] = []
    for _ in range(MAX_PAGES_READ):
        bounds = (first, cursor or last) if newest_first else (cursor or first, last)
        items = _merged(database, partitions, bounds, filters.limit, newest_first=newest_first)
        page = list(islice(items, filters.limit))
        for item in page:
            cursor = _beyond(str(decode(item[sort])), newest_first=newest_first)
            request = to_request(item)
            if filters.matches(request):
                found.append(request)
            if len(found) == filters.limit:
                return RequestPage(tuple(found), cursor)
        if len(page) < filters.limit:
            return RequestPage(tuple(found), None)
    return RequestPage(tuple(found), cursor)


def lowest_id(moment: datetime) -> str:
    """The lowest id of a request received at that moment or later."""
    return f"req_{int(moment.timestamp() * 1000):012x}"


def _partitions(practice_id: str, filters: RequestFilters) -> list[tuple[KeySchema, str]]:
    """The partitions in which requests lie in the wanted order."""
    if filters.attention:
        return [(REQUESTS_BY_ATTENTION, practice_id)]
    if filters.order is SortOrder.RECEIVED and set(filters.statuses) == set(Status):
        return [(REQUESTS, practice_id)]
    index = REQUESTS_BY_START if filters.order is SortOrder.START else REQUESTS_BY_RECEIPT
    return [(index, status_key(practice_id, status)) for status in filters.statuses]


def _merged(
    database: DynamoDb,
    partitions: list[tuple[KeySchema, str]],
    bounds: tuple[str, str],
    limit: int,
    *,
    newest_first: bool,
) -> list[Item]:
    """The first items of each partition, queried concurrently and merged in order."""
    if bounds[0] > bounds[1]:  # DynamoDB refuses such a range instead of finding nothing
        return []
    query = partial(database.query, sort=between(*bounds), limit=limit, newest_first=newest_first)
    pages = database.run_concurrently(*(partial(query, index, partition) for index, partition in partitions))
    sort = partitions[0][0].sort
    items = (item for page in pages for item in page)
    return sorted(items, key=lambda item: str(decode(item[sort])), reverse=newest_first)


def _beyond(key: str, *, newest_first: bool) -> str:
    """A text between this sort key and any key that can follow it."""
    return f"{key[:-1]}{chr(ord(key[-1]) - 1)}~" if newest_first else f"{key} "


def _bounds(filters: RequestFilters, tz: ZoneInfo) -> tuple[str, str]:
    """The sort keys that enclose the wanted days: wall time by start, milliseconds since 1970 by receipt."""
    first, last = filters.first_day, filters.last_day
    if filters.order is SortOrder.START:
        return first.isoformat() if first else "0", f"{last.isoformat()}~" if last else "~"
    return (
        lowest_id(datetime.combine(first, time.min, tz)) if first else "req_",
        lowest_id(datetime.combine(last + timedelta(days=1), time.min, tz)) if last else "req_~",
    )
