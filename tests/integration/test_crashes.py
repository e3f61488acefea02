"""Wherever a function dies, its caller asks again with the same key, and all is as if nothing had gone wrong.

Each call of DynamoDB that a function makes is made to fail: the process dies before it or after it, or it lives and
loses the connection. Over MiniStack alone, since moto's transactions are no proof. In `make soak` the second try fails
as well, wherever it can.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bookings.bootstrap import Application
from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.outbox.email import EMAIL_SWEEP_DELAY, EmailStatus
from bookings.domain.outbox.email_delivery import EMAIL_LEASE
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.emails.patient_email import PatientEmailRenderer
from bookings.emails.staff_email import StaffEmailRenderer
from bookings.storage.dynamodb import DynamoDb
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.use_cases.send_email import EmailSender, send_email
from bookings.use_cases.sweep_outbox import sweep_outbox
from tests.support.api_harness import Answer, ApiHarness, open_api
from tests.support.builders import (
    NOW,
    a_chair,
    a_practice,
    a_practitioner,
    a_request,
    a_service,
    a_slot,
    a_stamp,
    an_agent,
    an_appointment,
    an_event,
    an_http_event,
    signed,
)
from tests.support.dynamodb_engines import ministack_engine
from tests.support.faults import FailingConnection, Fault, Killed, failing, faults
from tests.support.in_memory.email_transport import RecordingEmailTransport
from tests.support.seeding import submit_requests
from tests.support.stored_practice import StoredPractice

Call = Callable[[], Answer]
FUNCTIONS = (
    "submit_request", "accept_request", "link_request", "reject_request", "reopen_request", "withdraw_request",
    "receive_pms_events", "pull_pms_writes",
)  # fmt: skip
CALLS_OF_A_SENDER = 5
"""Read the letter, claim it, read request and practice, mark it."""


@dataclass
class Ward:
    """A api whose connection to DynamoDB fails when it is told to, and one of its practices after the other."""

    api: ApiHarness
    connection: FailingConnection
    database: DynamoDb

    def tell(self, story: "Story", *struck: Fault) -> StoredPractice:
        """The story in a new practice: its last call meets these faults, one in each try, and then is let through."""
        practice = self.api.add_practice(a_small_practice())
        call = story(Scene(self.api, practice))
        for fault in struck:
            self._try(call, fault)
        self._try(call, None)
        return self.books(practice)

    def books(self, practice: Practice) -> StoredPractice:
        return StoredPractice.read(self.database, practice.id)

    def _try(self, call: Call, fault: Fault | None) -> None:
        """A try; who lost the connection may find what was done all the same, or says to come again."""
        with self.connection.failing(fault), suppress(Killed):
            answer = call()
            if answer.status not in (200, 201):
                assert self.connection.has_failed, answer.text
                answer.assert_problem(503, "unavailable")


def a_small_practice() -> Practice:
    """One chair and one practitioner: quickly founded, as each fault takes a practice of its own."""
    return a_practice(
        chairs=(a_chair("chr_b"),), practitioners=(a_practitioner("prov_b"),), services=(a_service("svc_checkup"),)
    )


@dataclass
class Scene:
    """What is there before the call that will fail, and the calls of people."""

    api: ApiHarness
    practice: Practice

    def asked(self, start: str = "2026-07-15T15:00") -> Request:
        request = a_request(practice_id=self.practice.id, requested=a_slot(start, service_id="svc_checkup"))
        submit_requests(self.api.application.bookings, request)
        return request

    def booked(self, appointment_id: str = "A1") -> None:
        """The patient has an appointment in the PMS."""
        appointment = an_appointment(id=appointment_id, practice_id=self.practice.id)
        edit = Edit(None, appointment)
        self.api.application.bookings.commit(ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=edit))

    def decides(self, function: str, request: Request, body: object, revision: int = 1) -> Call:
        """The front desk's call, the same however often it is made."""
        key = f"{function}-{request.id}"
        return lambda: self.api.call(
            function, self.practice.id, body, request_id=request.id, revision=revision, key=key
        )

    def has_decided(self, function: str, request: Request, body: object) -> None:
        answer = self.decides(function, request, body)()
        assert answer.status == 200, answer.text

    def submits(self) -> Call:
        body = {
            "patient": {"first_name": "Ada", "last_name": "Roe", "phone": "604-555-0100"},
            "requested": {"start": "2026-07-15T15:00:00", "service_id": "svc_checkup"},
        }
        return lambda: self.api.call("submit_request", self.practice.id, body, key="one-tap")

    def tells(self, *events: dict[str, Any]) -> Call:
        return self.agent("receive_pms_events", {"events": events})

    def agent(self, function: str, body: object) -> Call:
        """The agent's call, one delivery however often it is made."""
        raw = json.dumps(body)
        headers = signed(raw.encode(), NOW, webhook_id=f"{function}-{self.practice.id}")
        event = an_http_event(path={"agent_id": an_agent(self.practice).id}, body=raw, headers=headers)
        return lambda: self.api.invoke(function, event)

    def has_pulled(self) -> str:
        """The front desk has accepted, and the agent holds the write: its id."""
        self.has_decided("accept_request", self.asked(), {"notify": True})
        write_id: str = self.pulls()().part("writes.0.write_id")
        return write_id

    def pulls(self) -> Call:
        return self.agent("pull_pms_writes", {"limit": 1})


Story = Callable[[Scene], Call]
"""Sets the scene, and gives the call that is then made to fail."""


def submit(scene: Scene) -> Call:
    return scene.submits()


def accept(scene: Scene) -> Call:
    return scene.decides("accept_request", scene.asked(), {"notify": True})


def accept_at_another_time(scene: Scene) -> Call:
    scene.booked()
    edits = {"start": "2026-07-15T14:30:00", "chair_id": "chr_b", "notify": True, "different_appointment": True}
    return scene.decides("accept_request", scene.asked(), edits)


def link(scene: Scene) -> Call:
    scene.booked()
    return scene.decides("link_request", scene.asked(), {"appointment_id": "A1", "notify": True})


def reject(scene: Scene) -> Call:
    return scene.decides("reject_request", scene.asked(), {"reason": "no_opening", "notify": True})


def reopen_an_accepted_one(scene: Scene) -> Call:
    request = scene.asked()
    scene.has_decided("accept_request", request, {"notify": True})
    return scene.decides("reopen_request", request, None, revision=2)


def reopen_a_linked_one(scene: Scene) -> Call:
    request = scene.asked()
    scene.booked()
    scene.has_decided("link_request", request, {"appointment_id": "A1", "notify": True})
    return scene.decides("reopen_request", request, None, revision=2)


def withdraw(scene: Scene) -> Call:
    token = scene.submits()().part("manage_token")
    event = an_http_event(path={"manage_token": token}, headers={"Idempotency-Key": "one-tap"})
    return lambda: scene.api.invoke("withdraw_request", event)


def tell_of_appointments(scene: Scene) -> Call:
    """One is new, one is moved and has a request that follows it, one is deleted."""
    request = scene.asked()
    scene.booked()
    scene.booked("A2")
    scene.has_decided("link_request", request, {"appointment_id": "A1", "notify": False})
    return scene.tells(
        an_event(id="A3", start="2026-07-17T09:00:00"),
        an_event(id="A1", version=2, start="2026-07-16T11:00:00"),
        an_event("appointment.deleted", version=2, id="A2"),
    )


def pull(scene: Scene) -> Call:
    scene.has_decided("accept_request", scene.asked(), {"notify": True})
    return scene.pulls()


def tell_of_a_written_appointment(scene: Scene) -> Call:
    """The PMS has it under an id of its own."""
    told = {"write_id": scene.has_pulled(), "appointment_id": "1001"}
    return scene.tells({"type": "write.completed", "data": told})


def tell_of_a_write_that_failed(scene: Scene) -> Call:
    told = {"write_id": scene.has_pulled(), "reason": "The chair is closed."}
    return scene.tells({"type": "write.failed", "data": told})


STORIES: tuple[Story, ...] = (
    submit, accept, accept_at_another_time, link, reject, reopen_an_accepted_one, reopen_a_linked_one, withdraw,
    tell_of_appointments, pull, tell_of_a_written_appointment, tell_of_a_write_that_failed,
)  # fmt: skip


@contextmanager
def opened_ward(endpoint: str) -> Iterator[Ward]:
    """A ward with tables of its own."""
    with ministack_engine(lambda _: endpoint) as engine:
        database, connection = failing(engine.connect())
        application = Application(engine.settings)
        vars(application)["_database"] = database
        with open_api(engine, FUNCTIONS, application) as api:
            yield Ward(api, connection, database)


@pytest.fixture(scope="module")
def ward(ministack_endpoint: str) -> Iterator[Ward]:
    with opened_ward(ministack_endpoint) as ward:
        yield ward


@pytest.fixture
def own_ward(ministack_endpoint: str) -> Iterator[Ward]:
    with opened_ward(ministack_endpoint) as ward:
        yield ward


def told(stories: tuple[Story, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("story", stories, ids=[story.__name__ for story in stories])


@told(STORIES)
def test_a_call_repeated_after_any_fault_is_done_once(ward: Ward, story: Story) -> None:
    """To die before a call is to die after the one before it: nothing is written in between."""
    undisturbed = ward.tell(story).summary
    last = ward.connection.calls - 1
    deaths = [Fault(0, "before"), *(Fault(call, "after") for call in range(last + 1))]
    for fault in (*deaths, Fault(last, "after", dies=False)):
        books = ward.tell(story, fault)
        books.check_consistency()
        assert books.summary == undisturbed, fault


def test_a_sender_killed_anywhere_sends_at_most_once_and_loses_nothing(own_ward: Ward) -> None:
    """The stream brings the record again, and the sweep comes by when the lease has lapsed."""
    practice = own_ward.api.add_practice(a_small_practice())
    application = own_ward.api.application
    scene, emails, transport = (
        Scene(own_ward.api, practice),
        DynamoEmailRepository(own_ward.database),
        RecordingEmailTransport(),
    )
    writers = (
        PatientEmailRenderer("desk@chairlink.dev"),
        StaffEmailRenderer("desk@chairlink.dev", lambda report: report.folder),
    )
    sender = EmailSender(emails, application.bookings, application.practices, *writers, transport)

    def sent_in_spite_of(fault: Fault | None) -> EmailStatus:
        request = scene.asked()
        scene.has_decided("reject_request", request, {"reason": "no_opening", "notify": True})
        (email,) = (one for one in own_ward.books(practice).emails if one.request_id == request.id)
        with own_ward.connection.failing(fault), suppress(Killed):
            send_email(sender, email.outbox_id, NOW)
        calls = own_ward.connection.calls
        send_email(sender, email.outbox_id, NOW)
        sweep_outbox(sender, NOW + EMAIL_LEASE + EMAIL_SWEEP_DELAY, lambda: True)
        sweep_outbox(sender, NOW + timedelta(days=1), lambda: True)
        assert transport.outbox_ids.count(email.outbox_id) <= 1
        assert bool(fault) or calls == CALLS_OF_A_SENDER
        standing = emails.get(email.outbox_id)
        assert standing
        return standing.status

    assert sent_in_spite_of(None) is EmailStatus.SENT
    ends = [sent_in_spite_of(fault) for fault in faults(CALLS_OF_A_SENDER)]
    claimed, marked = ends[3:-1], [*ends[:3], ends[-1]]
    assert set(claimed) == {EmailStatus.UNKNOWN}
    assert set(marked) == {EmailStatus.SENT}


@pytest.mark.soak
@told(STORIES)
def test_a_call_repeated_after_any_two_faults_is_done_once(ministack_endpoint: str, story: Story) -> None:
    """Tables of their own for each first fault: the emulator looks through all that it holds, and slows down."""
    with opened_ward(ministack_endpoint) as ward:
        undisturbed = ward.tell(story).summary
        calls = ward.connection.calls
    anything = [*faults(calls), *faults(calls, dies=False)]
    for first in anything:
        with opened_ward(ministack_endpoint) as ward:
            for second in anything:
                books = ward.tell(story, first, second)
                books.check_consistency()
                assert books.summary == undisturbed, (first, second)
