"""What an operation costs in round trips (docs/adr/0005), and that no cost grows with the practice.

A botocore hook counts the calls to DynamoDB. Calls made side by side count as the longest chain among them.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from secrets import token_hex
from typing import Any, TypeVar

import pytest
from pynamodb.connection import Connection

from bookings.domain.decisions.commands import PatientCorrection, Reopening, Watching
from bookings.domain.decisions.email_preview import PreviewedDecision
from bookings.domain.decisions.watch import RECHECK_DELAY
from bookings.domain.outbox.pms_write import create_write_id
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.request_query import RequestFilters, SortOrder
from bookings.domain.requests.request import Request, Status
from bookings.emails.patient_email import render_preview
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.due_requests import DynamoDueRequestStore
from bookings.storage.dynamodb import DynamoDb
from bookings.storage.items import request_item
from bookings.storage.misfit_store import DynamoMisfitStore
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.storage.schema import Table
from bookings.use_cases.accept_request import accept_request
from bookings.use_cases.classify_misfits import classify_decision
from bookings.use_cases.correct_patient import correct_patient
from bookings.use_cases.findings import list_findings, mark_finding_handled
from bookings.use_cases.link_request import link_request
from bookings.use_cases.preview_email import preview_email
from bookings.use_cases.pull_pms_writes import pull_pms_writes
from bookings.use_cases.read_conversion_report import read_conversion_report
from bookings.use_cases.read_requests import list_requests, read_request
from bookings.use_cases.receive_pms_events import receive_events
from bookings.use_cases.reject_request import reject_request
from bookings.use_cases.reopen_request import reopen_request
from bookings.use_cases.submit_request import submit_request
from bookings.use_cases.sweep_requests import recheck_watched_requests
from bookings.use_cases.watch_request import watch_request
from tests.support.builders import (
    A_LARGE_LIMIT,
    NOW,
    a_command_context,
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
    an_event,
    an_idempotency_key,
    sections_of,
)
from tests.support.dynamodb_engines import Engine, ministack_engine

_Result = TypeVar("_Result")

PENDING = RequestFilters((Status.PENDING,))


class Meter:
    """Counts round trips per thread, and capacity units over all."""

    def __init__(self) -> None:
        self._of_thread = threading.local()
        self.capacity = 0.0

    @property
    def trips(self) -> int:
        """Round trips of this thread."""
        return getattr(self._of_thread, "trips", 0)

    def add(self, trips: int) -> None:
        """Add round trips."""
        self._of_thread.trips = self.trips + trips

    def listen_to(self, client: Any) -> None:
        """Count every call of this botocore client."""
        client.meta.events.register("before-call.dynamodb", lambda **_: self.add(1))
        client.meta.events.register("after-call.dynamodb", self._add_capacity)

    def _add_capacity(self, parsed: dict[str, Any], **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        for each in consumed if isinstance(consumed, list) else [consumed]:
            self.capacity += float(each["CapacityUnits"])
        # The emulator reports no capacity of batch reads; a consistent read of a small item costs one unit.
        batches = parsed["Responses"].values() if isinstance(parsed.get("Responses"), dict) else ()
        self.capacity += sum(len(items) for items in batches)


class MeteredDatabase(DynamoDb):
    """A database that counts parallel calls as the longest chain of them."""

    meter: Meter

    def run_concurrently(self, *calls: Callable[[], _Result]) -> list[_Result]:
        if len(calls) < 2:
            return super().run_concurrently(*calls)

        def counted(call: Callable[[], _Result]) -> tuple[_Result, int]:
            before = self.meter.trips
            return call(), self.meter.trips - before

        results = super().run_concurrently(*(partial(counted, call) for call in calls))
        self.meter.add(max(trips for _, trips in results))
        return [result for result, _ in results]


@dataclass
class Metered:
    """A cached practice, and the costs of operations on it."""

    engine: Engine
    meter: Meter
    practices: DynamoPracticeRepository
    bookings: DynamoBookingStore
    practice: Practice

    def trips(self, operate: Callable[[], object]) -> int:
        """The round trips of the operation when the practice is cached."""
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

    def pending_request(self, **wish: Any) -> Request:
        """A pending request of a patient without appointments."""
        request = a_request(practice_id=self.practice.id, patient=a_stranger(token_hex(6)), **wish)
        self.fill([request])
        return request

    def fill(self, requests: list[Request]) -> None:
        """Write the requests in bulk, without history and tallies."""
        client, table = self.engine.client, self.engine.tables[Table.REQUESTS]
        for first in range(0, len(requests), 25):
            puts = [{"PutRequest": {"Item": request_item(one)}} for one in requests[first : first + 25]]
            client.batch_write_item(RequestItems={table: puts})


@pytest.fixture(scope="module")
def engine(ministack_endpoint: str) -> Iterator[Engine]:
    """MiniStack, because its requests run in parallel as in DynamoDB."""
    with ministack_engine(lambda _: ministack_endpoint) as opened:
        yield opened


@pytest.fixture
def metered(engine: Engine) -> Metered:
    """A new practice for each test."""
    connection = Connection(host=engine.endpoint)
    meter = Meter()
    meter.listen_to(connection.client)
    database = MeteredDatabase(connection, engine.tables)
    database.meter = meter
    practices = DynamoPracticeRepository(database, cache_seconds=60)
    practice = a_practice()
    practices.save(practice)
    for kind, section_id, section in sections_of(practice):
        practices.record_section(practice.id, kind, section_id, 1, section)
    return Metered(engine, meter, practices, DynamoBookingStore(database), practice)


def test_reading_a_practice_takes_one_round_trip_and_then_none(metered: Metered) -> None:
    fresh = DynamoPracticeRepository(metered.practices._database, cache_seconds=60)
    before = metered.meter.trips
    fresh.get(metered.practice.id)
    fresh.get(metered.practice.id)
    assert metered.meter.trips - before == 1


def test_submitting_takes_one(metered: Metered) -> None:
    def submit() -> None:
        submit_request(
            metered.practices,
            metered.bookings,
            metered.practice.id,
            a_submission(),
            an_idempotency_key(),
            a_stamp(),
            hourly_limit=A_LARGE_LIMIT,
        )

    assert metered.trips(submit) == 1


def test_listing_takes_one_and_one_more_for_the_fit(metered: Metered) -> None:
    def page(filters: RequestFilters) -> Callable[[], object]:
        return lambda: list_requests(metered.practices, metered.bookings, metered.practice.id, filters, None, NOW)

    assert metered.trips(page(PENDING)) == 1
    metered.pending_request()
    assert metered.trips(page(PENDING)) == 2
    assert metered.trips(page(RequestFilters(order=SortOrder.RECEIVED))) == 2
    assert metered.trips(page(RequestFilters())) == 2
    assert metered.trips(page(RequestFilters((Status.ACCEPTED,)))) == 1


def test_reading_takes_one_and_one_more_for_the_fit(metered: Metered) -> None:
    request = metered.pending_request()
    read = partial(read_request, metered.practices, metered.bookings, metered.practice.id, request.id, NOW)
    assert metered.trips(read) == 2
    reject_request(metered.practices, metered.bookings, a_command_context(request), a_rejection())
    assert metered.trips(read) == 1


def test_correcting_a_patient_takes_two_and_one_more_with_an_appointment_or_a_watch(metered: Metered) -> None:
    def correct(request: Request) -> Callable[[], object]:
        context = a_command_context(request, idempotency_key=an_idempotency_key())
        correction = PatientCorrection(last_name="Dow")
        return lambda: correct_patient(metered.practices, metered.bookings, context, correction)

    stores = metered.practices, metered.bookings
    assert metered.trips(correct(metered.pending_request())) == 2
    assert (
        metered.trips(correct(accept_request(*stores, a_command_context(metered.pending_request()), an_acceptance())))
        == 3
    )
    watching = Watching(notify=False)
    assert metered.trips(correct(watch_request(*stores, a_command_context(metered.pending_request()), watching))) == 3


def test_a_request_that_has_lost_its_appointment_takes_one_more_to_read_and_to_link(metered: Metered) -> None:
    """To read, for the patient's new appointment; to link, for the one that it leaves."""
    request = metered.pending_request()
    patient = request.patient.model_dump(mode="json", exclude_none=True)
    _receive(metered, an_event(id="A-lost", patient=patient))
    stores = metered.practices, metered.bookings
    linked = link_request(*stores, a_command_context(request), a_linking(an_appointment(id="A-lost")))
    _receive(
        metered,
        an_event("appointment.deleted", version=2, id="A-lost"),
        an_event(id="A-new", start="2026-07-16T16:00:00", patient=patient),
    )
    read = partial(read_request, *stores, metered.practice.id, request.id, NOW)
    assert metered.trips(read) == 2
    lost = read().request
    assert lost.revision == linked.revision + 1
    link = partial(link_request, *stores, a_command_context(lost), a_linking(an_appointment(id="A-new"), notify=True))
    assert metered.trips(link) == 3


def test_previewing_an_email_takes_one(metered: Metered) -> None:
    request, supposed = metered.pending_request(), PreviewedDecision(kind="confirmation")
    stores, practice_id = (metered.practices, metered.bookings), metered.practice.id
    read = partial(preview_email, *stores, practice_id, request.id, supposed, a_stamp(), render_preview)
    assert metered.trips(read) == 1


def test_rejecting_takes_two(metered: Metered) -> None:
    context = a_command_context(metered.pending_request(), idempotency_key=an_idempotency_key())
    assert metered.trips(lambda: reject_request(metered.practices, metered.bookings, context, a_rejection())) == 2


def test_linking_takes_two(metered: Metered) -> None:
    event = an_event(id="A-link")
    _receive(metered, event)
    context, appointment = (
        a_command_context(metered.pending_request(), idempotency_key=an_idempotency_key()),
        an_appointment(id="A-link"),
    )
    link = partial(link_request, metered.practices, metered.bookings, context, a_linking(appointment, notify=True))
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
def test_accepting_takes_three_or_two_with_a_declared_time(metered: Metered, said: dict[str, Any], trips: int) -> None:
    context, edits = (
        a_command_context(metered.pending_request(), idempotency_key=an_idempotency_key()),
        an_acceptance(notify=True, **said),
    )
    assert metered.trips(lambda: accept_request(metered.practices, metered.bookings, context, edits)) == trips


def test_an_appointment_event_takes_two_and_a_batch_two_more(metered: Metered) -> None:
    """One read for the batch, one write for each event, agent activity and idempotency record."""
    one = metered.trips(lambda: _receive(metered, an_event(id="A-one")))
    three = metered.trips(lambda: _receive(metered, *(an_event(id=f"A-three-{n}") for n in range(3))))
    assert (one, three) == (1 + 1 + 2, 1 + 3 + 2)


def test_appointments_on_different_sheets_are_written_in_parallel(metered: Metered) -> None:
    events = [an_event(id=f"A-day-{day}", start=f"2026-08-{day:02}T09:00:00") for day in range(1, 16)]
    assert metered.trips(lambda: _receive(metered, *events)) == 1 + 1 + 2


def test_an_open_create_costs_a_batch_one_more(metered: Metered) -> None:
    accept_request(metered.practices, metered.bookings, a_command_context(metered.pending_request()), an_acceptance())
    assert metered.trips(lambda: _receive(metered, an_event(id="A-other"))) == 2 + 1 + 2


def test_rechecking_takes_one_and_three_for_each_due_request(metered: Metered) -> None:
    """The request, its patient's appointments in parallel, and the commit."""

    def look() -> None:
        stamp = a_stamp("clock", NOW + RECHECK_DELAY)
        recheck_watched_requests(metered.practices, metered.bookings, waiting, stamp, lambda: True)

    waiting = DynamoDueRequestStore(metered.practices._database)
    look()  # requests of other tests
    assert metered.trips(look) == 1
    missed = a_request(practice_id=metered.practice.id)
    metered.fill([missed])
    _receive(metered, an_event(id="A-missed"))
    for request in (missed, metered.pending_request()):
        watch_request(metered.practices, metered.bookings, a_command_context(request), Watching(notify=False))
    assert metered.trips(look) == 1 + 3 + 3 + 1, "and one read that finds nothing more"
    linked = metered.bookings.load(metered.practice.id, request_id=missed.id).request
    assert linked
    assert linked.appointment_id == "A-missed"


def test_pulling_takes_three_or_one_without_writes(metered: Metered) -> None:
    agent = an_agent(metered.practice)

    def pull() -> None:
        pull_pms_writes(metered.bookings, agent, 10, an_idempotency_key(), a_stamp("agent"))

    assert metered.trips(pull) == 1
    accept_request(metered.practices, metered.bookings, a_command_context(metered.pending_request()), an_acceptance())
    assert metered.trips(pull) == 3


def test_an_outcome_takes_four_and_a_batch_three_more(metered: Metered) -> None:
    """The write, request and appointment, the item with the PMS's id, and the commit."""
    request = accept_request(
        metered.practices, metered.bookings, a_command_context(metered.pending_request()), an_acceptance()
    )
    write = create_write_id(request.appointment_id or "")
    event = an_event("write.completed", None, write_id=write, appointment_id="1001")
    assert metered.trips(lambda: _receive(metered, event)) == 1 + 4 + 2


def test_an_event_with_an_alias_costs_one_more(metered: Metered) -> None:
    """It is an alias, and its request follows."""
    request = accept_request(
        metered.practices, metered.bookings, a_command_context(metered.pending_request()), an_acceptance()
    )
    write = create_write_id(request.appointment_id or "")
    _receive(metered, an_event("write.completed", None, write_id=write, appointment_id="1002"))
    patient = request.patient.model_dump(mode="json", exclude_none=True)
    moved = an_event(id="1002", start="2026-07-16T10:00:00", patient=patient)
    assert metered.trips(lambda: _receive(metered, moved)) == (1 + 1) + (1 + 1) + 2


def test_classifying_takes_three_for_a_decision_and_none_otherwise(metered: Metered) -> None:
    findings = DynamoMisfitStore(metered.practices._database)
    request = metered.pending_request()
    reject_request(metered.practices, metered.bookings, a_command_context(request), a_rejection())
    (entry,) = metered.bookings.history(request.id)
    watched_requests = entry.model_copy(update={"action": "watch"})
    assert (
        metered.trips(lambda: classify_decision(metered.practices, metered.bookings, findings, watched_requests)) == 0
    )
    assert metered.trips(lambda: classify_decision(metered.practices, metered.bookings, findings, entry)) == 3


def test_listing_findings_takes_one_and_marking_one_three(metered: Metered) -> None:
    findings, practice_id = DynamoMisfitStore(metered.practices._database), metered.practice.id
    for _ in range(7):
        findings.save_misfit(a_misfit(practice_id=practice_id))
    stores = metered.practices, metered.bookings, findings, practice_id
    assert metered.trips(lambda: list_findings(*stores, (None, None), NOW)) == 1
    (finding,) = list_findings(*stores, (None, None), NOW).findings.items
    assert (
        metered.trips(lambda: mark_finding_handled(*stores, finding.id, (None, None), an_idempotency_key(), a_stamp()))
        == 3
    )


def test_no_operation_costs_more_with_more_requests(metered: Metered) -> None:
    costs: dict[int, dict[str, float]] = {}
    held = 0
    _costs(metered, "2026-07-06")  # creates the tally
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
    """The capacity units of each operation on a day without bookings."""
    practices, bookings, practice_id = metered.practices, metered.bookings, metered.practice.id
    first, second = (
        metered.pending_request(requested=a_slot(f"{day}T08:00")),
        metered.pending_request(requested=a_slot(f"{day}T09:00")),
    )
    report = partial(read_conversion_report, practices, bookings, practice_id, NOW.date(), NOW.date(), None, NOW)
    return {
        "list": metered.capacity(lambda: list_requests(practices, bookings, practice_id, PENDING, None, NOW)),
        "list decided": metered.capacity(
            lambda: list_requests(practices, bookings, practice_id, RequestFilters((Status.REJECTED,)), None, NOW)
        ),
        "read": metered.capacity(lambda: read_request(practices, bookings, practice_id, first.id, NOW)),
        "submit": metered.capacity(
            lambda: submit_request(
                practices,
                bookings,
                practice_id,
                a_submission(),
                an_idempotency_key(),
                a_stamp(),
                hourly_limit=A_LARGE_LIMIT,
            )
        ),
        "reject": metered.capacity(
            lambda: reject_request(practices, bookings, a_command_context(first), a_rejection())
        ),
        "reopen": metered.capacity(
            lambda: reopen_request(practices, bookings, a_command_context(first, revision=2), Reopening())
        ),
        "reject again": metered.capacity(
            lambda: reject_request(practices, bookings, a_command_context(first, revision=3), a_rejection())
        ),
        "accept": metered.capacity(
            lambda: accept_request(practices, bookings, a_command_context(second), an_acceptance())
        ),
        "report": metered.capacity(report),
    }


def _receive(metered: Metered, *events: dict[str, Any]) -> None:
    agent = an_agent(metered.practice)
    received = receive_events(metered.practices, metered.bookings, agent, events, an_idempotency_key(), a_stamp())
    assert received.accepted == len(events)
