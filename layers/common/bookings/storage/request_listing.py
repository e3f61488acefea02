"""A page of requests at a cost that does not depend on how many there are."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

from pynamodb.expressions.operand import Path

from bookings.domain.reporting.request_query import RequestFilters, RequestPage, SortOrder
from bookings.domain.requests.request import Request, Status
from bookings.settings import Table
from bookings.storage.codec import Item, decode
from bookings.storage.dynamodb import Database
from bookings.storage.items import read_request, status_key

MAX_PAGES_READ = 4
"""A filter that no index serves looks at this many pages of requests at most; then a shorter page is the answer."""


@dataclass(frozen=True)
class _Partition:
    """A stretch of one partition in which requests lie in the wanted order."""

    hash_name: str
    hash_value: str
    index: str | None


def list_requests(
    database: Database, practice_id: str, tz: ZoneInfo, filters: RequestFilters, cursor: str | None
) -> RequestPage:
    """The requests after that position that pass the filters."""
    sort_name = "start_key" if filters.order is SortOrder.START else "request_id"
    newest_first = filters.order is SortOrder.NEWEST
    first, last = _bounds(filters, tz)
    found: list[Request] = []
    for _ in range(MAX_PAGES_READ):
        bounds = (first, cursor or last) if newest_first else (cursor or first, last)
        items = _merged(
            database, _partitions(practice_id, filters), sort_name, bounds, filters.limit, newest_first=newest_first
        )
        page = list(islice(items, filters.limit))
        for item in page:
            cursor = _beyond(str(decode(item[sort_name])), newest_first=newest_first)
            request = read_request(item)
            if filters.matches_filters(request):
                found.append(request)
            if len(found) == filters.limit:
                return RequestPage(tuple(found), cursor)
        if len(page) < filters.limit:
            return RequestPage(tuple(found), None)
    return RequestPage(tuple(found), cursor)


def _partitions(practice_id: str, filters: RequestFilters) -> list[_Partition]:
    if filters.attention:
        return [_Partition("attention_key", practice_id, "by_attention")]
    if filters.order is SortOrder.RECEIVED and set(filters.statuses) == set(Status):
        return [_Partition("practice_id", practice_id, None)]
    index = "by_start" if filters.order is SortOrder.START else "by_received"
    return [_Partition("status_key", status_key(practice_id, status), index) for status in filters.statuses]


def _merged(
    database: Database,
    partitions: list[_Partition],
    sort_name: str,
    bounds: tuple[str, str],
    limit: int,
    *,
    newest_first: bool,
) -> list[Item]:
    """The first items of each partition, put in order; queried side by side."""
    if bounds[0] > bounds[1]:  # DynamoDB refuses such a question instead of answering "none"
        return []
    pages = database.run_concurrently(
        *(
            partial(
                database.query,
                Table.REQUESTS,
                (Path(partition.hash_name) == partition.hash_value) & Path(sort_name).between(*bounds),
                index=partition.index,
                limit=limit,
                newest_first=newest_first,
            )
            for partition in partitions
        )
    )
    items = (item for page in pages for item in page)
    return sorted(items, key=lambda item: str(decode(item[sort_name])), reverse=newest_first)


def _beyond(key: str, *, newest_first: bool) -> str:
    """Where the list goes on behind this sort key: text between it and the next key, whichever that is."""
    return f"{key[:-1]}{chr(ord(key[-1]) - 1)}~" if newest_first else f"{key} "


def _bounds(filters: RequestFilters, tz: ZoneInfo) -> tuple[str, str]:
    """The sort keys between which the wanted days lie: wall time in one index, milliseconds in the other."""
    if filters.order is SortOrder.START:
        return (
            filters.first_day.isoformat() if filters.first_day else "0",
            f"{filters.last_day.isoformat()}~" if filters.last_day else "~",
        )
    first, last = filters.first_day, filters.last_day
    return (
        oldest_id(datetime.combine(first, time.min, tz)) if first else "req_",
        oldest_id(datetime.combine(last + timedelta(days=1), time.min, tz)) if last else "req_~",
    )


def oldest_id(moment: datetime) -> str:
    """The least id of a request received at that moment or later."""
    return f"req_{int(moment.timestamp() * 1000):012x}"
