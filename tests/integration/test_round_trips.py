"""What an operation costs in round trips (DESIGN §7 and docs/adr/0005), and that no cost grows with the practice.

A botocore hook counts the calls to DynamoDB. Calls made side by side count as the longest chain among them.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from pynamodb.connection import Connection

from bookings.domain.decisions.commands import Watching
from bookings.domain.decisions.decide import LOOK_AFTER
from bookings.domain.decisions.email_preview import Supposed
from bookings.domain.outbox.pms_write import create_id
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.request_query import Filters, Order
from bookings.domain.requests.request import Request, Status
from bookings.emails.patient_email import plain
from bookings.settings import Table
from bookings.storage.booking_store import Bookings
from bookings.storage.due_requests import Waiting
from bookings.storage.dynamodb import Database
from bookings.storage.finding_store import Findings
from bookings.storage.items import request_item
from bookings.storage.practice_repository import Practices
from bookings.use_cases import classify_misfits as misfits
from bookings.use_cases import conversion_report as reporting
from bookings.use_cases import findings as why
from bookings.use_cases import preview_email as foreseeing
from bookings.use_cases import pull_pms_writes as pulling
from bookings.use_cases import read_requests as queue
from bookings.use_cases import receive_pms_events as pms
from bookings.use_cases import staff
from bookings.use_cases import submit_request as patient
from bookings.use_cases import sweep_requests as sweeping
from tests.builders import (
    NOW,
    a_case,
    a_linking,
    a_misfit,
    a_practice,
    a_rejection,
    a_request,
    a_slot,
    a_stamp,
    a_stranger,
    a_submission,
    an_acceptance,
    an_agent,
    an_appointment,
    an_attempt,
    an_event,
    sections_of,
)
from tests.engines import Engine, ministack_engine

_Result = TypeVar("_Result")

PENDING = Filters((Status.PENDING,))


class Meter:
    """Counts round trips per thread, and capacity units over all."""

    def __init__(self) -> None:
        self._of_thread = threading.local()
        self.capacity = 0.0

    @property
    def trips(self) -> int:
        """Round trips of this thread so far."""
        return getattr(self._of_thread, "trips", 0)

    def add(self, trips: int) -> None:
        """So many more, one after the other."""
        self._of_thread.trips = self.trips + trips

    def listen_to(self, client: Any) -> None:
        """Count every call of this botocore client."""
        client.meta.events.register("before-call.dynamodb", lambda **_: self.add(1))
        client.meta.events.register("after-call.dynamodb", self._weigh)

    def _weigh(self, parsed: dict[str, Any], **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        for each in consumed if isinstance(consumed, list) else [consumed]:
            self.capacity += float(each["CapacityUnits"])
        # The emulator weighs no batch read; its items are all small, and a consistent read of one costs a unit.
        batches = parsed["Responses"].values() if isinstance(parsed.get("Responses"), dict) else ()
        self.capacity += sum(len(items) for items in batches)


class MeteredDatabase(Database):
    """The database, which counts what happens side by side as the longest chain of it."""

    meter: Meter

    def together(self, *calls: Callable[[], _Result]) -> list[_Result]:
        if len(calls) < 2:
            return super().together(*calls)

        def counted(call: Callable[[], _Result]) -> tuple[_Result, int]:
            before = self.meter.trips
            return call(), self.meter.trips - before

        results = super().together(*(partial(counted, call) for call in calls))
        self.meter.add(max(trips for _, trips in results))
        return [result for result, _ in results]


@dataclass
class Metered:
    """A practice in storage, cached, and what an operation on it costs."""

    engine: Engine
    meter: Meter
    practices: Practices
    bookings: Bookings
    practice: Practice

    def trips(self, operate: Callable[[], object]) -> int:
        """The round trips of the operation, once the practice is known."""
        self.practices.get(self.practice.id)
        before = self.meter.trips
        operate()
        return self.meter.trips - before

    def capacity(self, operate: Callable[[], object]) -> float:
        """The capacity units of the operation."""
        self.practices.get(self.practice.id)
        before = self.meter.capacity
        operate()
        return self.meter.capacity - before

    def asked(self, **wish: Any) -> Request:
        """A pending request of somebody whom nobody knows yet."""
        request = a_request(practice_id=self.practice.id, patient=a_stranger(f"P{id(wish)}"), **wish)
        self.fill([request])
        return request

    def fill(self, requests: list[Request]) -> None:
        """Put requests there as a bulk, without history and tallies."""
        client, table = self.engine.client(), self.engine.tables[Table.REQUESTS]
        for first in range(0, len(requests), 25):
            puts = [{"PutRequest": {"Item": request_item(one)}} for one in requests[first : first + 25]]
            client.batch_write_item(RequestItems={table: puts})


@pytest.fixture(scope="module")
def engine(ministack_endpoint: str) -> Iterator[Engine]:
    """MiniStack: threads meet in it as they do in DynamoDB."""
    with ministack_engine(lambda _: ministack_endpoint) as opened:
        yield opened


@pytest.fixture
def metered(engine: Engine) -> Metered:
    """A practice of its own for each test."""
    connection = Connection(host=engine.endpoint)
    meter = Meter()
    meter.listen_to(connection.client)
    database = MeteredDatabase(connection, engine.tables)
    database.meter = meter
    practices = Practices(database, keep_seconds=60)
    practice = a_practice()
    practices.save(practice)
    for kind, section_id, section in sections_of(practice):
        practices.record(practice.id, kind, section_id, 1, section)
    return Metered(engine, meter, practices, Bookings(database), practice)


def test_a_practice_is_one_round_trip_and_then_none(metered: Metered) -> None:
    fresh = Practices(metered.practices._database, keep_seconds=60)
    before = metered.meter.trips
    fresh.get(metered.practice.id)
    fresh.get(metered.practice.id)
    assert metered.meter.trips - before == 1


def test_submitting_is_one(metered: Metered) -> None:
    def submit() -> None:
        patient.submit(
            metered.practices, metered.bookings, metered.practice.id, a_submission(), an_attempt(), a_stamp()
        )

    assert metered.trips(submit) == 1


def test_listing_is_one_and_one_for_the_fit_of_pending_requests(metered: Metered) -> None:
    def page(filters: Filters) -> Callable[[], object]:
        return lambda: queue.page(metered.practices, metered.bookings, metered.practice.id, filters, None, NOW)

    assert metered.trips(page(PENDING)) == 1
    metered.asked()
    assert metered.trips(page(PENDING)) == 2
    assert metered.trips(page(Filters(order=Order.RECEIVED))) == 2
    assert metered.trips(page(Filters())) == 2
    assert metered.trips(page(Filters((Status.ACCEPTED,)))) == 1


def test_reading_is_one_and_one_for_the_fit(metered: Metered) -> None:
    request = metered.asked()
    read = partial(queue.request, metered.practices, metered.bookings, metered.practice.id, request.id, NOW)
    assert metered.trips(read) == 2
    staff.reject(metered.practices, metered.bookings, a_case(request), a_rejection())
    assert metered.trips(read) == 1


def test_previewing_a_letter_is_one(metered: Metered) -> None:
    request, supposed = metered.asked(), Supposed(kind="confirmation")
    stores, practice_id = (metered.practices, metered.bookings), metered.practice.id
    preview = partial(foreseeing.letter, *stores, practice_id, request.id, supposed, a_stamp(), plain)
    assert metered.trips(preview) == 1


def test_rejecting_is_two(metered: Metered) -> None:
    case = a_case(metered.asked(), attempt=an_attempt())
    assert metered.trips(lambda: staff.reject(metered.practices, metered.bookings, case, a_rejection())) == 2


def test_linking_is_two(metered: Metered) -> None:
    event = an_event(id="A-link")
    _receive(metered, event)
    case, appointment = a_case(metered.asked(), attempt=an_attempt()), an_appointment(id="A-link")
    link = partial(staff.link, metered.practices, metered.bookings, case, a_linking(appointment, notify=True))
    assert metered.trips(link) == 2


@pytest.mark.parametrize(
    ("said", "trips"),
    [
        ({}, 3),
        ({"start": "2026-07-15T11:00:00"}, 3),
        ({"different_appointment": True}, 3),
        ({"different_appointment": True, "start": "2026-07-15T11:00:00"}, 2),
    ],
)
def test_accepting_is_three_and_two_where_nothing_is_left_to_look_for(
    metered: Metered, said: dict[str, Any], trips: int
) -> None:
    case, edits = a_case(metered.asked(), attempt=an_attempt()), an_acceptance(notify=True, **said)
    assert metered.trips(lambda: staff.accept(metered.practices, metered.bookings, case, edits)) == trips


def test_an_appointment_event_is_two_and_a_batch_adds_two_of_its_own(metered: Metered) -> None:
    """The first of each event's two is shared by the batch, so: one read, one write each, sign of life and receipt."""
    one = metered.trips(lambda: _receive(metered, an_event(id="A-one")))
    three = metered.trips(lambda: _receive(metered, *(an_event(id=f"A-three-{n}") for n in range(3))))
    assert (one, three) == (1 + 1 + 2, 1 + 3 + 2)


def test_appointments_on_different_day_sheets_are_written_side_by_side(metered: Metered) -> None:
    events = [an_event(id=f"A-day-{day}", start=f"2026-08-{day:02}T09:00:00") for day in range(1, 16)]
    assert metered.trips(lambda: _receive(metered, *events)) == 1 + 1 + 2


def test_events_cost_the_same_while_a_create_waits_elsewhere_and_one_more_to_look_at_it(metered: Metered) -> None:
    staff.accept(metered.practices, metered.bookings, a_case(metered.asked()), an_acceptance())
    assert metered.trips(lambda: _receive(metered, an_event(id="A-other"))) == 2 + 1 + 2


def test_a_second_look_is_one_for_all_and_three_for_each_that_is_due(metered: Metered) -> None:
    """The request, its patient's appointments side by side, and the commit."""

    def look() -> None:
        stamp = a_stamp("clock", NOW + LOOK_AFTER)
        sweeping.look_again(metered.practices, metered.bookings, waiting, stamp, lambda: True)

    waiting = Waiting(metered.practices._database)
    look()  # what other tests have left
    assert metered.trips(look) == 1
    missed = a_request(practice_id=metered.practice.id)
    metered.fill([missed])
    _receive(metered, an_event(id="A-missed"))
    for request in (missed, metered.asked()):
        staff.watch(metered.practices, metered.bookings, a_case(request), Watching(notify=False))
    assert metered.trips(look) == 1 + 3 + 3 + 1, "and one to see that nothing more is due"
    linked = metered.bookings.see(metered.practice.id, request_id=missed.id).request
    assert linked
    assert linked.appointment_id == "A-missed"


def test_pulling_is_three_and_one_where_there_is_nothing_to_write(metered: Metered) -> None:
    agent = an_agent(metered.practice)

    def pull() -> None:
        pulling.pull(metered.bookings, agent, 10, an_attempt(), a_stamp("agent"))

    assert metered.trips(pull) == 1
    staff.accept(metered.practices, metered.bookings, a_case(metered.asked()), an_acceptance())
    assert metered.trips(pull) == 3


def test_an_outcome_is_four_and_a_batch_adds_three_of_its_own(metered: Metered) -> None:
    """The write, then request and appointment, what stands under the PMS's id, and the commit."""
    request = staff.accept(metered.practices, metered.bookings, a_case(metered.asked()), an_acceptance())
    write = create_id(request.appointment_id or "")
    event = an_event("write.completed", None, write_id=write, appointment_id="1001")
    assert metered.trips(lambda: _receive(metered, event)) == 1 + 4 + 2


def test_an_event_for_the_pmss_id_of_a_written_appointment_costs_one_more(metered: Metered) -> None:
    """It is an alias, and its request follows."""
    request = staff.accept(metered.practices, metered.bookings, a_case(metered.asked()), an_acceptance())
    write = create_id(request.appointment_id or "")
    _receive(metered, an_event("write.completed", None, write_id=write, appointment_id="1002"))
    moved = an_event(id="1002", start="2026-07-16T10:00:00")
    assert metered.trips(lambda: _receive(metered, moved)) == (1 + 1) + (1 + 1) + 2


def test_classing_a_decision_is_three_and_none_for_what_decides_nothing(metered: Metered) -> None:
    findings = Findings(metered.practices._database)
    request = metered.asked()
    staff.reject(metered.practices, metered.bookings, a_case(request), a_rejection())
    (entry,) = metered.bookings.history(request.id)
    watched = entry.model_copy(update={"action": "watch"})
    assert metered.trips(lambda: misfits.note(metered.practices, metered.bookings, findings, watched)) == 0
    assert metered.trips(lambda: misfits.note(metered.practices, metered.bookings, findings, entry)) == 3


def test_findings_are_one_and_handling_one_is_three(metered: Metered) -> None:
    findings, practice_id = Findings(metered.practices._database), metered.practice.id
    for _ in range(7):
        findings.note(a_misfit(practice_id=practice_id))
    stores = metered.practices, metered.bookings, findings, practice_id
    assert metered.trips(lambda: why.show(*stores, (None, None), NOW)) == 1
    (finding,) = why.show(*stores, (None, None), NOW).findings.items
    assert metered.trips(lambda: why.handle(*stores, finding.id, (None, None), an_attempt(), a_stamp())) == 3


def test_no_operation_costs_more_in_a_practice_with_more_requests(metered: Metered) -> None:
    costs: dict[int, dict[str, float]] = {}
    held = 0
    _costs(metered, "2026-07-06")  # from here on the tally is there
    for size in (100, 1_000, 10_000):
        elsewhen = a_slot("2026-07-16T15:00", service_id="svc_checkup")
        metered.fill(
            [
                a_request(
                    practice_id=metered.practice.id,
                    received_at=NOW - timedelta(minutes=number),
                    requested=elsewhen,
                    status=(Status.PENDING, Status.REJECTED)[number % 2],
                )
                for number in range(held, size)
            ]
        )
        held = size
        costs[size] = _costs(metered, f"2026-07-{4 + len(str(size)):02}")
    assert costs[100] == costs[1_000] == costs[10_000]
    assert {name for name, cost in costs[100].items() if cost <= 0} == set()


def _costs(metered: Metered, day: str) -> dict[str, float]:
    """What each operation costs now, in capacity units, around a day on which nothing is booked."""
    practices, bookings, practice_id = metered.practices, metered.bookings, metered.practice.id
    first, second = (
        metered.asked(requested=a_slot(f"{day}T08:00")),
        metered.asked(requested=a_slot(f"{day}T09:00")),
    )
    report = partial(reporting.online_scheduling, practices, bookings, practice_id, NOW.date(), NOW.date(), None, NOW)
    return {
        "list": metered.capacity(lambda: queue.page(practices, bookings, practice_id, PENDING, None, NOW)),
        "list decided": metered.capacity(
            lambda: queue.page(practices, bookings, practice_id, Filters((Status.REJECTED,)), None, NOW)
        ),
        "read": metered.capacity(lambda: queue.request(practices, bookings, practice_id, first.id, NOW)),
        "submit": metered.capacity(
            lambda: patient.submit(practices, bookings, practice_id, a_submission(), an_attempt(), a_stamp())
        ),
        "reject": metered.capacity(lambda: staff.reject(practices, bookings, a_case(first), a_rejection())),
        "reopen": metered.capacity(lambda: staff.reopen(practices, bookings, a_case(first, revision=2))),
        "reject again": metered.capacity(
            lambda: staff.reject(practices, bookings, a_case(first, revision=3), a_rejection())
        ),
        "accept": metered.capacity(lambda: staff.accept(practices, bookings, a_case(second), an_acceptance())),
        "report": metered.capacity(report),
    }


def _receive(metered: Metered, *events: dict[str, Any]) -> None:
    agent = an_agent(metered.practice)
    received = pms.receive(metered.practices, metered.bookings, agent, events, an_attempt(), a_stamp())
    assert received.accepted == len(events)
