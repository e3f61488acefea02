"""Random histories of PMS events, decisions and faults end in the right state.

Hypothesis makes the histories, MiniStack stores them, and in the end the invariants are checked. Every call may be
killed before or after any DynamoDB call, or lose the connection; its caller repeats it with the same key, at once or
later.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from bookings.domain.decisions.commands import PatientCorrection, Reopening
from bookings.domain.kernel.errors import Refusal, Unavailable
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.outbox.email import EmailStatus, EmailStep
from bookings.domain.pms.follow_appointment import QUIET_TIME
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.manage_token import ManageToken
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.availability import nearest_openings
from bookings.emails.patient_email import PatientEmailRenderer
from bookings.emails.staff_email import StaffEmailRenderer
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.codec import Attribute
from bookings.storage.due_requests import DynamoDueRequestStore
from bookings.storage.dynamodb import DynamoDb, PutItem
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.storage.schema import PRACTICES
from bookings.use_cases.accept_request import accept_request
from bookings.use_cases.correct_patient import correct_patient
from bookings.use_cases.link_request import link_request
from bookings.use_cases.list_public_openings import list_public_openings
from bookings.use_cases.notify_patient import notify_patient
from bookings.use_cases.own_request import withdraw_request
from bookings.use_cases.receive_pms_events import BatchResult, receive_events
from bookings.use_cases.reject_request import reject_request
from bookings.use_cases.reopen_request import reopen_request
from bookings.use_cases.send_email import EmailSender, send_email
from bookings.use_cases.sweep_requests import notify_of_moves
from tests.support.builders import (
    NOW,
    a_chair,
    a_command_context,
    a_linking,
    a_patient,
    a_practice,
    a_practitioner,
    a_rejection,
    a_request,
    a_service,
    a_slot,
    a_stamp,
    a_stranger,
    an_acceptance,
    an_agent,
    an_appointment,
    an_event,
    an_idempotency_key,
    sheets_with,
)
from tests.support.dynamodb_engines import ministack_engine
from tests.support.faults import FailingConnection, Fault, Killed, with_failing_connection
from tests.support.in_memory.email_transport import RecordingEmailTransport
from tests.support.seeding import add_practice, submit_requests
from tests.support.stored_practice import StoredPractice

UNDO_SECONDS = 20
EXAMPLES, PARTS, EXAMPLES_OF_A_PART = 15, 20, 500
DAYS = date(2026, 7, 15), date(2026, 7, 16)
NAMES = ("A1", "A2", "A3")
PATIENTS = (a_stranger(), a_patient())
"""The patient of all requests, and another person."""

CHAIRS, PEOPLE = ("chr_a", "chr_b"), ("prov_a", "prov_b")

_names = st.sampled_from(NAMES)
_times = st.builds("{}T{:02}:{:02}:00".format, st.sampled_from(DAYS), st.integers(8, 15), st.sampled_from([0, 30]))
_faults = st.none() | st.builds(Fault, st.integers(0, 14), st.sampled_from(["before", "after"]), st.booleans())
_choices = st.integers(0, 1000)


@dataclass(frozen=True)
class Storage:
    """Storage that fails at a chosen call, and a practice to copy."""

    database: DynamoDb
    connection: FailingConnection
    practices: DynamoPracticeRepository
    bookings: DynamoBookingStore
    model: Practice

    def copy_practice(self) -> Practice:
        """Copy the model practice in one write."""
        practice = self.model.model_copy(update={"id": a_practice().id})
        rows = self.database.query(PRACTICES, self.model.id, consistent=True)
        copies = [{name: self._renamed(value, practice) for name, value in row.items()} for row in rows]
        self.database.write([PutItem(PRACTICES, row) for row in copies])
        return practice

    def _renamed(self, value: Attribute, practice: Practice) -> Attribute:
        """The value with the copy's id instead of the model's."""
        return {"S": value["S"].replace(self.model.id, practice.id)} if "S" in value else value


@dataclass
class FailedCall:
    """A call that failed and will be repeated with the same key."""

    call: Callable[[], object]
    succeeded: Callable[[], None]


@dataclass
class Agent:
    """The events that the PMS has made, and those that were received."""

    events: list[dict[str, Any]] = field(default_factory=list)
    received: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, event: dict[str, Any]) -> None:
        self.events.append(event)

    def mark_received(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            name = event["data"]["id"]
            if name not in self.received or event["version"] > self.received[name]["version"]:
                self.received[name] = event


class Histories(RuleBasedStateMachine):
    """A PMS that books, moves and deletes, and an agent that sends its events repeatedly and in any order."""

    def __init__(self, storage: Storage) -> None:
        super().__init__()
        self.storage = storage
        self.practice = storage.copy_practice()
        self.agent = Agent()
        self.undone: list[FailedCall] = []

    # ------------------------------------------------------------ rules

    @rule(
        name=_names,
        start=_times,
        chair=st.sampled_from(CHAIRS),
        person=st.sampled_from(PEOPLE),
        status=st.sampled_from(AppointmentStatus),
        patient=st.sampled_from(PATIENTS),
    )
    def the_pms_books(  # what an event says
        self, name: str, start: str, chair: str, person: str, status: AppointmentStatus, patient: Patient
    ) -> None:
        """Book, move or give to another patient: the id may be known."""
        data = {"id": name, "start": start, "chair_id": chair, "practitioner_id": person, "status": status.value}
        of = patient.model_dump(mode="json", exclude_none=True)
        self.agent.add(an_event(version=len(self.agent.events) + 1, **data, patient=of))

    @rule(name=_names)
    def the_pms_deletes(self, name: str) -> None:
        self.agent.add(an_event("appointment.deleted", version=len(self.agent.events) + 1, id=name))

    @precondition(lambda self: self.agent.events)
    @rule(picks=st.lists(_choices, min_size=1, max_size=4), fault=_faults)
    def the_agent_tells(self, picks: list[int], fault: Fault | None) -> None:
        """Send any events, in any order, with repetitions."""
        events = [self.agent.events[pick % len(self.agent.events)] for pick in picks]
        call = partial(self._receive, events, an_idempotency_key())
        self._try(FailedCall(call, partial(self.agent.mark_received, events)), fault)

    @precondition(lambda self: self.undone)
    @rule(fault=_faults)
    def somebody_asks_again(self, fault: Fault | None) -> None:
        self._try(self.undone.pop(0), fault)

    # ------------------------------------------------------------ invariants

    def teardown(self) -> None:
        while self.undone:
            self._try(self.undone.pop(0), None)
        books = StoredPractice.read(self.storage.database, self.practice.id)
        books.check_consistency()
        self._check_newest(books)
        self._check_openings(books)

    def _check_newest(self, books: StoredPractice) -> None:
        """Each appointment equals the newest event that was received."""
        theirs = {name: one for name, one in books.appointments.items() if one.origin == "pms"}
        assert theirs.keys() == self.agent.received.keys()
        for name, event in self.agent.received.items():
            stored, expected = theirs[name], _as_stored(event)
            assert (stored.version, stored.slot, stored.status) == (expected.version, expected.slot, expected.status)
            assert stored.deleted == (event["type"] == "appointment.deleted")

    def _check_openings(self, books: StoredPractice) -> None:
        """Public openings are those that the newest versions leave free."""
        ours = [one for one in books.appointments.values() if one.origin == "chairlink"]
        sheets = sheets_with(*ours, *map(_as_stored, self.agent.received.values()))
        wanted = a_slot(f"{DAYS[0]}T00:00", service_id="svc_checkup")
        expected = nearest_openings(self.practice, wanted, DAYS, sheets, NOW)
        offered = list_public_openings(
            self.storage.practices, self.storage.bookings, self.practice.id, "svc_checkup", *DAYS, NOW
        )
        assert offered == expected

    # ------------------------------------------------------------ calls with faults

    def _receive(self, events: list[dict[str, Any]], idempotency_key: IdempotencyKey) -> BatchResult:
        agent = an_agent(self.practice)
        return receive_events(
            self.storage.practices, self.storage.bookings, agent, events, idempotency_key, a_stamp("agent")
        )

    def _try(self, one: FailedCall, fault: Fault | None) -> None:
        """A refusal is an answer too; a call without an answer is repeated."""
        with self.storage.connection.failing(fault):
            try:
                one.call()
            except (Killed, Unavailable):
                self.undone.append(one)
            except Refusal:
                pass
            else:
                one.succeeded()


class Decisions(Histories):
    """The same, with patients who submit and withdraw, and decisions of the front desk."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage)
        self.asked: list[Request] = []
        self.tokens: dict[str, str] = {}
        self.extensions = count(1)
        self.transport = RecordingEmailTransport()
        self.sender = EmailSender(
            DynamoEmailRepository(storage.database),
            storage.bookings,
            storage.practices,
            PatientEmailRenderer("desk@chairlink.dev"),
            StaffEmailRenderer("desk@chairlink.dev", lambda report: report.folder),
            self.transport,
        )
        self.done: dict[str, Counter[str]] = {}

    @rule(start=_times, chair=st.none() | st.sampled_from(CHAIRS))
    def a_patient_asks(self, start: str, chair: str | None) -> None:
        token = ManageToken(self.practice.id, "", "the patient's own secret")
        request = a_request(
            practice_id=self.practice.id,
            patient=PATIENTS[0],
            requested=a_slot(start, chair_id=chair, service_id="svc_checkup"),
            manage_digest=token.digest,
        )
        submit_requests(self.storage.bookings, request)
        self.asked.append(request)
        self.tokens[request.id] = f"{self.practice.id}.{request.id}.{token.secret}"
        self.done[request.id] = Counter()

    @precondition(lambda self: self.asked)
    @rule(pick=_choices, fault=_faults, notify=st.booleans())
    def the_desk_accepts(self, pick: int, fault: Fault | None, *, notify: bool) -> None:
        edits = an_acceptance(different_appointment=True, notify=notify)
        self._decide("accept", pick, fault, lambda context: accept_request(*self._stores, context, edits))

    @precondition(lambda self: self.asked)
    @rule(pick=_choices, fault=_faults, name=_names, notify=st.booleans())
    def the_desk_links(self, pick: int, fault: Fault | None, name: str, *, notify: bool) -> None:
        linking = a_linking(an_appointment(id=name), notify=notify)
        self._decide("link", pick, fault, lambda context: link_request(*self._stores, context, linking))

    @precondition(lambda self: self.asked)
    @rule(pick=_choices, fault=_faults)
    def the_desk_rejects(self, pick: int, fault: Fault | None) -> None:
        self._decide(
            "reject",
            pick,
            fault,
            lambda context: reject_request(*self._stores, context, a_rejection(notify=True)),
        )

    @precondition(lambda self: self.asked)
    @rule(pick=_choices, fault=_faults, notify=st.booleans())
    def the_desk_reopens(self, pick: int, fault: Fault | None, *, notify: bool) -> None:
        reopening = Reopening(notify=notify)
        self._decide("reopen", pick, fault, lambda context: reopen_request(*self._stores, context, reopening))

    @precondition(lambda self: self.asked)
    @rule(pick=_choices, fault=_faults)
    def the_desk_notifies(self, pick: int, fault: Fault | None) -> None:
        self._decide("notify", pick, fault, lambda context: notify_patient(*self._stores, context))

    @rule(fault=_faults)
    def the_sweep_tells_of_moves(self, fault: Fault | None) -> None:
        """A sweep that is killed is made up for by the next."""
        due_requests, stamp = DynamoDueRequestStore(self.storage.database), a_stamp("clock", NOW + QUIET_TIME)
        with self.storage.connection.failing(fault), suppress(Killed, Unavailable):
            notify_of_moves(*self._stores, due_requests, stamp, lambda: True)

    @precondition(lambda self: self.asked)
    @rule(pick=_choices, fault=_faults)
    def the_desk_corrects_the_patient(self, pick: int, fault: Fault | None) -> None:
        """Each time to another extension, so that every correction changes something."""
        correction = PatientCorrection(phone=f"604-555-0123 ext. {next(self.extensions)}")
        self._decide("correct", pick, fault, lambda context: correct_patient(*self._stores, context, correction))

    @precondition(lambda self: self.asked)
    @rule(pick=_choices, fault=_faults, seconds=st.sampled_from([0, UNDO_SECONDS]))
    def the_latest_email_is_sent(self, pick: int, fault: Fault | None, seconds: int) -> None:
        """Within the undo window or at its end.

        A sender that is killed is not tried again: the sweep would mark the e-mail as unknown.
        """
        request = self.storage.bookings.load(self.practice.id, request_id=self._pick(pick).id).request
        if request and request.outbox_id:
            with self.storage.connection.failing(fault), suppress(Killed, Unavailable):
                step = send_email(self.sender, request.outbox_id, NOW + timedelta(seconds=seconds)).step
                assert step is not EmailStep.SENT or seconds or not request.mail_due_at, "sent within the undo window"

    @precondition(lambda self: self.asked)
    @rule(pick=_choices, fault=_faults)
    def the_patient_withdraws(self, pick: int, fault: Fault | None) -> None:
        request, idempotency_key = self._pick(pick), an_idempotency_key()
        token = self.tokens[request.id]
        call = partial(withdraw_request, *self._stores, token, idempotency_key, a_stamp("patient"))
        self._try(FailedCall(call, partial(self._is_done, request, "withdraw")), fault)

    def teardown(self) -> None:
        super().teardown()
        for request in self.asked:
            history = self.storage.bookings.history(request.id)
            steps = Counter(entry.action.replace("relink", "link") for entry in history if entry.by != "clock")
            decided = Counter({action: count for action, count in steps.items() if action in _DECIDED})
            assert decided == self.done[request.id], "history has exactly the decisions that were answered"
        assert len(set(self.transport.outbox_ids)) == self.transport.calls, "no e-mail is sent twice"
        self._check_notifications()

    def _check_notifications(self) -> None:
        """What the patient was last told is an e-mail that went to the transport, or may have."""
        for asked in self.asked:
            request = self.storage.bookings.load(self.practice.id, request_id=asked.id).request
            assert request
            if told := request.last_notification:
                email = self.sender.emails.get(told.outbox_id)
                assert email
                assert told.outbox_id in self.transport.outbox_ids or email.status is EmailStatus.SENDING
                assert told.status == ("sending" if email.status is EmailStatus.SENDING else "sent")
            if request.appointment_id is None:
                assert Attention.MOVED_IN_PMS not in request.attentions

    @property
    def _stores(self) -> tuple[DynamoPracticeRepository, DynamoBookingStore]:
        return self.storage.practices, self.storage.bookings

    def _pick(self, pick: int) -> Request:
        return self.asked[pick % len(self.asked)]

    def _decide(self, action: str, pick: int, fault: Fault | None, decide: Callable[[Any], Request]) -> None:
        """Decide on the stored revision of the request."""
        request = self._pick(pick)
        standing = self.storage.bookings.load(self.practice.id, request_id=request.id).request
        assert standing
        context = a_command_context(standing, idempotency_key=an_idempotency_key())
        self._try(FailedCall(partial(decide, context), partial(self._is_done, request, action)), fault)

    def _is_done(self, request: Request, action: str) -> None:
        self.done[request.id][action] += 1


_DECIDED = ("accept", "link", "reject", "reopen", "notify", "correct", "withdraw")


def _as_stored(event: dict[str, Any]) -> Appointment:
    """The appointment that this event alone would store."""
    data = event["data"]
    if event["type"] == "appointment.deleted":
        gone = {"slot": None, "status": AppointmentStatus.CANCELLED, "deleted": True}
        return an_appointment(id=data["id"], version=event["version"], **gone)
    slot = a_slot(data["start"], practitioner_id=data["practitioner_id"], chair_id=data["chair_id"])
    return an_appointment(id=data["id"], version=event["version"], slot=slot, status=AppointmentStatus(data["status"]))


@contextmanager
def open_storage(endpoint: str) -> Iterator[Storage]:
    with ministack_engine(lambda _: endpoint) as engine:
        database, connection = with_failing_connection(engine.connect())
        practices = DynamoPracticeRepository(database, cache_seconds=0)
        model = a_practice(
            chairs=tuple(map(a_chair, CHAIRS)),
            practitioners=tuple(map(a_practitioner, PEOPLE)),
            services=(a_service("svc_checkup"),),
            email_undo_seconds=UNDO_SECONDS,
            notify_moves_automatically=True,
        )
        add_practice(practices, model)
        yield Storage(database, connection, practices, DynamoBookingStore(database), model)


@pytest.fixture
def storage(ministack_endpoint: str) -> Iterator[Storage]:
    with open_storage(ministack_endpoint) as storage:
        yield storage


@pytest.fixture(params=[Histories, Decisions], ids=["histories", "decisions"])
def machine(request: pytest.FixtureRequest) -> type[Histories]:
    kind: type[Histories] = request.param
    return kind


def run(machine: type[Histories], storage: Storage, examples: int) -> None:
    run_state_machine_as_test(
        partial(machine, storage),  # type: ignore[arg-type]  # anything that makes a machine will do
        settings=settings(
            max_examples=examples,
            stateful_step_count=16,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_random_history_ends_in_the_right_state(machine: type[Histories], storage: Storage) -> None:
    run(machine, storage, EXAMPLES)


@pytest.mark.soak
def test_ten_thousand_random_histories_end_in_the_right_state(
    machine: type[Histories], ministack_endpoint: str
) -> None:
    """In parts with new tables, because the emulator slows down with the number of items."""
    for _ in range(PARTS):
        with open_storage(ministack_endpoint) as storage:
            run(machine, storage, EXAMPLES_OF_A_PART)
