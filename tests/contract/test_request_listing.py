"""Listing requests, page by page."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.decisions.close import reject, withdraw
from bookings.domain.decisions.commands import Watching
from bookings.domain.decisions.correct_patient import correct
from bookings.domain.decisions.dismiss_attention import dismiss
from bookings.domain.decisions.watch import watch
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.request_query import RequestFilters, SortOrder
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.other_requests import RequestSummary
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request, Status
from bookings.storage.booking_store import MAX_REQUESTS_PER_NAME
from tests.contract.conftest import Stores
from tests.support.builders import NOW, a_patient, a_practice, a_rejection, a_request, a_slot, a_stamp, a_stranger
from tests.support.in_memory.booking_store import InMemoryBookingStore
from tests.support.seeding import submit_requests


def all_pages(stores: Stores, practice: Practice, filters: RequestFilters, pages: int = 200) -> list[Request]:
    """All pages to the end."""
    found: list[Request] = []
    cursor: str | None = None
    for _ in range(pages):
        page = stores.bookings.requests(practice, filters, cursor)
        assert len(page.items) <= filters.limit
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise AssertionError("the list never ends")


def ids(requests: list[Request]) -> list[str]:
    return [request.id for request in requests]


class Queue:
    """A practice with some requests."""

    def __init__(self, stores: Stores, **fields: Any) -> None:
        self.stores = stores
        self.practice = a_practice(**fields)

    def request(self, start: str = "2026-07-15T15:00", **fields: Any) -> Request:
        slot = a_slot(start, practitioner_id=fields.pop("practitioner_id", None), timezone=self.practice.timezone)
        request = a_request(practice_id=self.practice.id, requested=slot, **fields)
        submit_requests(self.stores.bookings, request)
        return request

    def reject(self, request: Request) -> Request:
        change = reject(request, a_rejection(), a_stamp())
        self.stores.bookings.commit(change)
        return change.request_after

    def withdraw(self, request: Request) -> Request:
        change = withdraw(request, a_stamp("patient"))
        self.stores.bookings.commit(change)
        return change.request_after

    def listed(self, **filters: Any) -> list[str]:
        return ids(all_pages(self.stores, self.practice, RequestFilters(**filters)))


@pytest.fixture
def queue(stores: Stores) -> Queue:
    return Queue(stores)


def test_an_empty_queue_is_one_empty_page(queue: Queue) -> None:
    for order in SortOrder:
        page = queue.stores.bookings.requests(queue.practice, RequestFilters(order=order), None)
        assert (page.items, page.next_cursor) == ((), None)


def test_requests_sort_by_start_and_then_by_age(queue: Queue) -> None:
    late, early = queue.request("2026-07-20T09:00"), queue.request("2026-07-15T09:00")
    same_first, same_second = queue.request("2026-07-16T09:00"), queue.request("2026-07-16T09:00")
    assert queue.listed() == ids([early, same_first, same_second, late])


def test_requests_can_be_sorted_by_receipt(queue: Queue) -> None:
    old = queue.request("2026-07-20T09:00", received_at=NOW)
    new = queue.request("2026-07-15T09:00", received_at=NOW + timedelta(minutes=1))
    assert queue.listed(order=SortOrder.RECEIVED) == ids([old, new])
    assert queue.listed(order=SortOrder.NEWEST) == ids([new, old])


def test_a_request_is_listed_as_stored(queue: Queue) -> None:
    rejected = queue.reject(queue.request())
    for order in SortOrder:
        assert all_pages(queue.stores, queue.practice, RequestFilters(order=order)) == [rejected]


def test_a_decided_request_is_not_listed_as_pending(queue: Queue) -> None:
    rejected, pending = queue.request(), queue.request()
    queue.reject(rejected)
    for order in SortOrder:
        assert queue.listed(statuses=(Status.PENDING,), order=order) == [pending.id]
        assert queue.listed(statuses=(Status.REJECTED,), order=order) == [rejected.id]


@pytest.mark.parametrize("order", SortOrder)
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_several_statuses_are_merged_in_pages_of_any_length(queue: Queue, order: SortOrder, limit: int) -> None:
    requests = [
        queue.request(f"2026-07-{day}T09:00", received_at=NOW + timedelta(minutes=40 - day)) for day in range(13, 20)
    ]
    for request in requests[::3]:
        queue.reject(request)
    withdrawn = queue.withdraw(requests[1])
    wanted = [request for request in requests if request.id != withdrawn.id]
    in_order = wanted[::-1] if order is SortOrder.RECEIVED else wanted  # requests for later days were received earlier
    statuses = (Status.PENDING, Status.REJECTED)
    assert queue.listed(statuses=statuses, order=order, limit=limit) == ids(in_order)


def test_pages_have_no_gap_and_no_repetition(queue: Queue) -> None:
    requests = [queue.request() for _ in range(5)]
    for order in SortOrder:
        assert queue.listed(limit=2, order=order) == ids(requests[::-1] if order is SortOrder.NEWEST else requests)


def test_a_new_request_does_not_shift_later_pages(queue: Queue) -> None:
    first, last = queue.request("2026-07-15T09:00"), queue.request("2026-07-20T09:00")
    page = queue.stores.bookings.requests(queue.practice, RequestFilters(limit=1), None)
    queue.request("2026-07-14T09:00")
    between = queue.request("2026-07-16T09:00")
    rest = queue.stores.bookings.requests(queue.practice, RequestFilters(limit=5), page.next_cursor)
    assert ids([*page.items, *rest.items]) == ids([first, between, last])


def test_newest_first_a_new_request_is_not_in_later_pages(
    queue: Queue,
) -> None:
    old, new = queue.request(received_at=NOW), queue.request(received_at=NOW + timedelta(minutes=1))
    page = queue.stores.bookings.requests(queue.practice, RequestFilters(order=SortOrder.NEWEST, limit=1), None)
    queue.request(received_at=NOW + timedelta(minutes=2))
    rest = queue.stores.bookings.requests(
        queue.practice, RequestFilters(order=SortOrder.NEWEST, limit=5), page.next_cursor
    )
    assert (page.items, rest.items) == ((new,), (old,))


def test_the_list_can_be_filtered_by_source_or_practitioner(queue: Queue) -> None:
    google = queue.request(source="google", practitioner_id="prov_a")
    website = queue.request(practitioner_id="prov_b")
    for order in SortOrder:
        assert queue.listed(group={"source": "google"}, order=order) == [google.id]
        assert queue.listed(group={"practitioner_id": "prov_b"}, order=order) == [website.id]
        assert queue.listed(group={"source": "google", "practitioner_id": "prov_b"}, order=order) == []


def test_a_rare_source_is_found_behind_many_other_requests(queue: Queue) -> None:
    for _ in range(6):
        queue.request("2026-07-15T09:00")
    rare = queue.request("2026-07-16T09:00", source="google")
    assert queue.listed(group={"source": "google"}, limit=1) == [rare.id]


def test_ordered_by_start_days_are_those_of_the_requested_start(queue: Queue) -> None:
    before, first, last, after = (
        queue.request(start)
        for start in ("2026-07-14T23:59", "2026-07-15T00:00", "2026-07-16T23:59", "2026-07-17T00:00")
    )
    first_day, last_day = date(2026, 7, 15), date(2026, 7, 16)
    assert queue.listed(first_day=first_day, last_day=last_day) == ids([first, last])
    assert queue.listed(first_day=first_day) == ids([first, last, after])
    assert queue.listed(last_day=last_day) == ids([before, first, last])
    assert queue.listed(first_day=last_day, last_day=first_day) == []


def test_ordered_by_receipt_days_are_local_days_of_receipt(queue: Queue) -> None:
    midnight = datetime(2026, 7, 3, 7, tzinfo=UTC)
    before = queue.request(received_at=midnight - timedelta(seconds=1))
    first = queue.request(received_at=midnight)
    last = queue.request(received_at=midnight + timedelta(hours=24, seconds=-1))
    after = queue.request(received_at=midnight + timedelta(hours=24))
    day = date(2026, 7, 3)
    for statuses in ((Status.PENDING,), tuple(Status)):
        narrowed = {"order": SortOrder.RECEIVED, "statuses": statuses}
        assert queue.listed(**narrowed, first_day=day, last_day=day) == ids([first, last])
        assert queue.listed(**narrowed, last_day=day) == ids([before, first, last])
        assert queue.listed(**narrowed, first_day=day) == ids([first, last, after])
        assert queue.listed(**narrowed, first_day=day, last_day=day - timedelta(days=1)) == []
        narrowed["order"] = SortOrder.NEWEST
        assert queue.listed(**narrowed, first_day=day, last_day=day) == ids([last, first])
        assert queue.listed(**narrowed, last_day=day, limit=1) == ids([last, first, before])


@pytest.mark.parametrize("cursor", ["~~req_", "0", "req_", "req_~~", "zzzz req_"])
def test_any_cursor_text_gives_a_page(queue: Queue, cursor: str) -> None:
    queue.request()
    for order in SortOrder:
        for last_day in (None, date(2026, 7, 1)):
            page = queue.stores.bookings.requests(
                queue.practice, RequestFilters(order=order, last_day=last_day), cursor
            )
            assert len(page.items) <= 1


def test_another_practices_requests_are_not_listed(queue: Queue) -> None:
    Queue(queue.stores).request()
    for order in SortOrder:
        assert queue.listed(order=order) == []


def test_requests_with_attention_are_listed_by_start(queue: Queue) -> None:
    def asks(request: Request) -> Request:
        change = ChangeSet(a_stamp(), "pms_changed", request=revise(request, attentions=(Attention.CANCELLED_IN_PMS,)))
        queue.stores.bookings.commit(change)
        return change.request_after

    late, early = asks(queue.request("2026-07-16T15:00")), asks(queue.request("2026-07-15T15:00"))
    queue.request("2026-07-15T09:00")
    other = Queue(queue.stores)
    other_request = other.request()
    assert queue.listed(attention=True) == ids([early, late])
    assert queue.listed(attention=True, statuses=(Status.ACCEPTED,)) == []
    assert queue.listed(attention=True, first_day=date(2026, 7, 16), last_day=date(2026, 7, 16)) == ids([late])
    assert other.listed(attention=True) == []
    assert other.listed() == ids([other_request])
    queue.stores.bookings.commit(dismiss(early, a_stamp()))
    assert queue.listed(attention=True) == ids([late])


def test_only_requests_that_are_still_watched_are_watched_requests(queue: Queue) -> None:
    def watched_requests(of: Queue, request: Request) -> Request:
        change = watch(request, Watching(notify=False), a_stamp())
        of.stores.bookings.commit(change)
        return change.request_after

    other = Queue(queue.stores)
    watched_requests(other, other.request())
    queue.request()
    first, second = watched_requests(queue, queue.request()), watched_requests(queue, queue.request())
    assert queue.stores.bookings.watched_requests(queue.practice.id) == [first, second]
    queue.reject(first)
    assert queue.stores.bookings.watched_requests(queue.practice.id) == [second]


def test_any_filters_list_the_same_as_in_memory(ministack_stores: Stores) -> None:
    """The same random requests in memory and on MiniStack, and random queries; moto would take too long."""
    queue = Queue(ministack_stores)
    chance = random.Random(20260715)
    memory = InMemoryBookingStore()
    for _ in range(30):
        received = NOW + timedelta(minutes=chance.randrange(0, 4000))
        start = f"2026-07-{chance.randrange(10, 16)}T{chance.randrange(8, 17):02}:{chance.choice(['00', '30'])}"
        request = queue.request(
            start,
            received_at=received,
            source=chance.choice(["website", "google"]),
            practitioner_id=chance.choice([None, "prov_a", "prov_b"]),
        )
        submit_requests(memory, request)
        fate = chance.randrange(3)
        if fate:
            change = reject(request, a_rejection(), a_stamp()) if fate == 1 else withdraw(request, a_stamp())
            queue.stores.bookings.commit(change)
            memory.commit(change)
    in_memory = replace(queue.stores, bookings=memory)
    for _ in range(40):
        filters = RequestFilters(
            statuses=tuple(chance.sample(list(Status), chance.randrange(1, 7))),
            group=chance.choice([{}, {"source": "google"}, {"practitioner_id": "prov_a", "source": "website"}]),
            counted_as=chance.choice([None, None, "reason_no_opening"]),
            first_day=chance.choice([None, date(2026, 7, chance.randrange(1, 14))]),
            last_day=chance.choice([None, date(2026, 7, chance.randrange(1, 16))]),
            order=chance.choice(list(SortOrder)),
            limit=chance.choice([4, 10, 50]),
        )
        expected = all_pages(in_memory, queue.practice, filters)
        assert all_pages(queue.stores, queue.practice, filters) == expected, filters


# ---------------------------------------------------------------- by patient


def test_a_patients_requests_are_found_by_their_names_the_newest_first(queue: Queue) -> None:
    first, strangers = queue.request(), queue.request(patient=a_stranger())
    swapped = queue.request(patient=a_patient(first_name="DOE", last_name="Jané", phone=None))
    rejected = queue.reject(queue.request())
    queue.request(patient=a_patient(first_name="Ann"))
    submit_requests(queue.stores.bookings, a_request(practice_id="prac_other"))
    requests_of = partial(queue.stores.bookings.requests_of, queue.practice.id)
    found = requests_of(a_patient())
    assert [(one.id, one.status) for one in found] == [
        (rejected.id, Status.REJECTED),
        (swapped.id, Status.PENDING),
        (first.id, Status.PENDING),
    ]
    assert found[-1] == RequestSummary.model_validate(dict(first))
    assert [one.id for one in requests_of(a_stranger())] == [strangers.id]
    assert requests_of(Patient(email="jane@example.com")) == []


def test_a_corrected_request_is_found_by_its_new_names_alone(queue: Queue) -> None:
    request = queue.request()
    queue.stores.bookings.commit(correct(request, a_stranger(), a_stamp()))
    requests_of = partial(queue.stores.bookings.requests_of, queue.practice.id)
    assert requests_of(a_patient()) == []
    assert [one.patient for one in requests_of(a_stranger())] == [a_stranger()]


def test_only_the_newest_requests_of_a_name_are_read(queue: Queue) -> None:
    requests = [
        queue.request(received_at=NOW + timedelta(minutes=minute)) for minute in range(MAX_REQUESTS_PER_NAME + 2)
    ]
    found = queue.stores.bookings.requests_of(queue.practice.id, a_patient())
    assert [one.id for one in found] == ids(requests[:1:-1])
