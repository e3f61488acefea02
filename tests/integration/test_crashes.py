"""A call that is repeated with the same key after a fault at any DynamoDB call is done exactly once.

Each DynamoDB call of a function fails in turn: the process is killed before or after it, or it only loses the
connection. This runs on MiniStack alone, because moto's transactions prove nothing. In `make soak` the second try fails
too, at every call.
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
from bookings.domain.outbox.email import EMAIL_SWEEP_DELAY, Email, EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import EMAIL_LEASE
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.last_notification import LastNotification
from bookings.domain.requests.request import Request, Watch
from bookings.emails.patient_email import PatientEmailRenderer
from bookings.emails.staff_email import StaffEmailRenderer
from bookings.storage.dynamodb import DynamoDb
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.use_cases.send_email import EmailSender, send_or_hold_email
from bookings.use_cases.sweep_outbox import sweep_outbox
from tests.support.api_harness import Answer, ApiHarness, open_api
from tests.support.builders import (
    NOW,
    a_chair,
    a_patient,
    a_practice,
    a_practitioner,
    a_request,
    a_service,
    a_slot,
    a_stamp,
    a_stranger,
    an_agent,
    an_appointment,
    an_event,
    an_http_event,
    signed,
)
from tests.support.dynamodb_engines import ministack_engine
from tests.support.faults import FailingConnection, Fault, Killed, all_faults, with_failing_connection
from tests.support.in_memory.email_transport import RecordingEmailTransport
from tests.support.in_memory.held_email_queue import InMemoryHeldEmailQueue
from tests.support.seeding import submit_requests
from tests.support.stored_practice import StoredPractice

Call = Callable[[], Answer]
FUNCTIONS = (
    "submit_request", "accept_request", "link_request", "reject_request", "reopen_request", "withdraw_request",
    "receive_pms_events", "pull_pms_writes", "notify_patient", "correct_patient",
    "watch_request",
)  # fmt: skip
CALLS_OF_A_SENDER = 6
"""Read the e-mail, its practice and request, claim it, read the request again, mark the e-mail as sent."""


@dataclass
class FailingApi:
    """The functions over a connection to DynamoDB that fails at a chosen call."""

    api: ApiHarness
    connection: FailingConnection
    database: DynamoDb

    def run(self, scenario: "Scenario", *faults: Fault) -> StoredPractice:
        """Run the scenario in a new practice. Its call is tried once with each fault, and then without one."""
        practice = self.api.add_practice(a_small_practice())
        call = scenario(Scene(self.api, practice))
        for fault in faults:
            self._try(call, fault)
        self._try(call, None)
        return self.stored(practice)

    def stored(self, practice: Practice) -> StoredPractice:
        return StoredPractice.read(self.database, practice.id)

    def sender(self, transport: RecordingEmailTransport) -> EmailSender:
        """What sends the e-mails of all practices."""
        address, application = "desk@chairlink.dev", self.api.application
        return EmailSender(
            emails=DynamoEmailRepository(self.database),
            bookings=application.bookings,
            practices=application.practices,
            render_patient_email=PatientEmailRenderer(address),
            render_staff_email=StaffEmailRenderer(address, lambda report: report.folder),
            transport=transport,
        )

    def rejection(self, scene: "Scene") -> Email:
        """Reject a new request; returns its e-mail, which is still to be sent."""
        request = scene.request()
        scene.decide("reject_request", request, {"reason": "no_opening", "notify": True})
        (email,) = (one for one in self.stored(scene.practice).emails if one.request_id == request.id)
        return email

    def _try(self, call: Call, fault: Fault | None) -> None:
        """Try the call once. After a lost connection it may succeed all the same, or answer 503."""
        with self.connection.failing(fault), suppress(Killed):
            answer = call()
            if answer.status not in (200, 201):
                assert self.connection.has_failed, answer.text
                answer.assert_problem(503, "unavailable")


def a_small_practice() -> Practice:
    """One chair and one practitioner, because each fault needs a new practice."""
    return a_practice(
        chairs=(a_chair("chr_b"),), practitioners=(a_practitioner("prov_b"),), services=(a_service("svc_checkup"),)
    )


@dataclass
class Scene:
    """The state before the call that will fail, and the calls of patients, staff and agents."""

    api: ApiHarness
    practice: Practice

    def request(self, start: str = "2026-07-15T15:00") -> Request:
        request = a_request(practice_id=self.practice.id, requested=a_slot(start, service_id="svc_checkup"))
        submit_requests(self.api.application.bookings, request)
        return request

    def appointment(self, appointment_id: str = "A1") -> None:
        """Store an appointment of the patient."""
        appointment = an_appointment(id=appointment_id, practice_id=self.practice.id)
        edit = Edit(None, appointment)
        self.api.application.bookings.commit(ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=edit))

    def decision(self, function: str, request: Request, body: object, revision: int = 1) -> Call:
        """A call of the front desk; repetitions have the same key."""
        key = f"{function}-{request.id}-{revision}"
        return lambda: self.api.call(
            function, self.practice.id, body, request_id=request.id, revision=revision, key=key
        )

    def decide(self, function: str, request: Request, body: object) -> None:
        answer = self.decision(function, request, body)()
        assert answer.status == 200, answer.text

    def submission(self) -> Call:
        body = {
            "patient": {"first_name": "Ada", "last_name": "Roe", "phone": "604-555-0100"},
            "requested": {"start": "2026-07-15T15:00:00", "service_id": "svc_checkup"},
        }
        return lambda: self.api.call("submit_request", self.practice.id, body, key="one-tap")

    def events(self, *events: dict[str, Any]) -> Call:
        return self.agent("receive_pms_events", {"events": events})

    def agent(self, function: str, body: object) -> Call:
        """A call of the agent; repetitions are the same delivery."""
        raw = json.dumps(body)
        headers = signed(raw.encode(), NOW, webhook_id=f"{function}-{self.practice.id}")
        event = an_http_event(path={"agent_id": an_agent(self.practice).id}, body=raw, headers=headers)
        return lambda: self.api.invoke(function, event)

    def pulled_write_id(self) -> str:
        """Accept a request and let the agent lease its write; returns the write's id."""
        self.decide("accept_request", self.request(), {"notify": True})
        write_id: str = self.pull()().part("writes.0.write_id")
        return write_id

    def pull(self) -> Call:
        return self.agent("pull_pms_writes", {"limit": 1})


Scenario = Callable[[Scene], Call]
"""Prepares a practice, and returns the call that is then made to fail."""


def submit(scene: Scene) -> Call:
    return scene.submission()


def accept(scene: Scene) -> Call:
    return scene.decision("accept_request", scene.request(), {"notify": True})


def accept_at_another_time(scene: Scene) -> Call:
    scene.appointment()
    edits = {"start": "2026-07-15T14:30:00", "chair_id": "chr_b", "notify": True, "different_appointment": True}
    return scene.decision("accept_request", scene.request(), edits)


def link(scene: Scene) -> Call:
    scene.appointment()
    return scene.decision("link_request", scene.request(), {"appointment_id": "A1", "notify": True})


def reject(scene: Scene) -> Call:
    return scene.decision("reject_request", scene.request(), {"reason": "no_opening", "notify": True})


def reopen_an_accepted_request(scene: Scene) -> Call:
    request = scene.request()
    scene.decide("accept_request", request, {"notify": True})
    return scene.decision("reopen_request", request, None, revision=2)


def reopen_a_linked_request(scene: Scene) -> Call:
    request = scene.request()
    scene.appointment()
    scene.decide("link_request", request, {"appointment_id": "A1", "notify": True})
    return scene.decision("reopen_request", request, None, revision=2)


def reopen_a_confirmed_request(scene: Scene) -> Call:
    """The e-mail that takes back the confirmation is part of the same transaction."""
    request = scene.request()
    scene.appointment()
    scene.decide("link_request", request, {"appointment_id": "A1", "notify": True})
    bookings = scene.api.application.bookings
    linked = bookings.load(scene.practice.id, request_id=request.id).request
    assert linked
    told = LastNotification(
        outbox_id="mail_1", kind="confirmation", at=NOW, slot=linked.accepted, status="sent", linked=True
    )
    edit = Edit(linked, linked.model_copy(update={"last_notification": told}))
    bookings.commit(ChangeSet(stamp=a_stamp("outbox"), action="notify", request=edit))
    return scene.decision("reopen_request", request, {"notify": True}, revision=2)


def withdraw(scene: Scene) -> Call:
    token = scene.submission()().part("manage_token")
    event = an_http_event(path={"manage_token": token}, headers={"Idempotency-Key": "one-tap"})
    return lambda: scene.api.invoke("withdraw_request", event)


def send_appointment_events(scene: Scene) -> Call:
    """One appointment is new, one moves with its linked request, one is deleted."""
    request = scene.request()
    scene.appointment()
    scene.appointment("A2")
    scene.decide("link_request", request, {"appointment_id": "A1", "notify": False})
    return scene.events(
        an_event(id="A3", start="2026-07-17T09:00:00"),
        an_event(id="A1", version=2, start="2026-07-16T11:00:00"),
        an_event("appointment.deleted", version=2, id="A2"),
    )


def give_the_appointment_to_another_person(scene: Scene) -> Call:
    """The id of a linked appointment is used for a stranger, who has a watched request."""
    request = scene.request()
    scene.appointment()
    scene.decide("link_request", request, {"appointment_id": "A1", "notify": False})
    theirs = a_request(practice_id=scene.practice.id, patient=a_stranger())
    watched = theirs.model_copy(update={"watch": Watch(by="staff:u1", at=NOW, notify=True)})
    submit_requests(scene.api.application.bookings, watched)
    patient = a_stranger().model_dump(mode="json")
    return scene.events(an_event(id="A1", version=2, start="2026-07-20T11:00:00", patient=patient))


def notify_after_a_move(scene: Scene) -> Call:
    request = scene.request()
    scene.appointment()
    scene.decide("link_request", request, {"appointment_id": "A1", "notify": True})
    scene.events(an_event(id="A1", version=2, start="2026-07-16T16:00:00"))()
    return scene.decision("notify_patient", request, None, revision=3)


CORRECTION = {"last_name": "Dow", "email": "jane.dow@example.com"}


def correct_an_accepted_request(scene: Scene) -> Call:
    """No agent has pulled the write yet, so the appointment is corrected too."""
    request = scene.request()
    scene.decide("accept_request", request, {"notify": True})
    return scene.decision("correct_patient", request, CORRECTION, revision=2)


def correct_a_watched_request(scene: Scene) -> Call:
    """With the correction it has a match."""
    request = a_request(practice_id=scene.practice.id, patient=a_stranger())
    submit_requests(scene.api.application.bookings, request)
    scene.decide("watch_request", request, {"notify": True})
    scene.appointment()
    correction = a_patient().model_dump(mode="json", exclude={"phone_extension"})
    return scene.decision("correct_patient", request, correction, revision=2)


def link_again(scene: Scene) -> Call:
    """The PMS has moved the appointment by deleting it and creating another."""
    request = scene.request()
    scene.appointment()
    scene.decide("link_request", request, {"appointment_id": "A1", "notify": True})
    scene.events(an_event("appointment.deleted", version=2, id="A1"), an_event(id="A2", start="2026-07-16T16:00:00"))()
    return scene.decision("link_request", request, {"appointment_id": "A2", "notify": True}, revision=3)


def pull(scene: Scene) -> Call:
    scene.decide("accept_request", scene.request(), {"notify": True})
    return scene.pull()


def report_a_completed_write(scene: Scene) -> Call:
    """The PMS has given it an id of its own."""
    data = {"write_id": scene.pulled_write_id(), "appointment_id": "1001"}
    return scene.events({"type": "write.completed", "data": data})


def report_a_failed_write(scene: Scene) -> Call:
    data = {"write_id": scene.pulled_write_id(), "reason": "The chair is closed."}
    return scene.events({"type": "write.failed", "data": data})


SCENARIOS: tuple[Scenario, ...] = (
    submit, accept, accept_at_another_time, link, reject, reopen_an_accepted_request, reopen_a_linked_request,
    reopen_a_confirmed_request, withdraw,
    send_appointment_events, give_the_appointment_to_another_person, notify_after_a_move, link_again,
    correct_an_accepted_request, correct_a_watched_request, pull, report_a_completed_write, report_a_failed_write,
)  # fmt: skip


@contextmanager
def open_failing_api(endpoint: str) -> Iterator[FailingApi]:
    """Failing functions over new tables."""
    with ministack_engine(lambda _: endpoint) as engine:
        database, connection = with_failing_connection(engine.connect())
        application = Application(engine.settings)
        vars(application)["_database"] = database
        with open_api(engine, FUNCTIONS, application) as api:
            yield FailingApi(api, connection, database)


@pytest.fixture(scope="module")
def failing_api(ministack_endpoint: str) -> Iterator[FailingApi]:
    with open_failing_api(ministack_endpoint) as failing_api:
        yield failing_api


@pytest.fixture
def own_api(ministack_endpoint: str) -> Iterator[FailingApi]:
    with open_failing_api(ministack_endpoint) as failing_api:
        yield failing_api


def each_of(scenarios: tuple[Scenario, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("scenario", scenarios, ids=[scenario.__name__ for scenario in scenarios])


@each_of(SCENARIOS)
def test_a_call_repeated_after_any_fault_is_done_once(failing_api: FailingApi, scenario: Scenario) -> None:
    """A kill before a call equals a kill after the previous one: nothing is written in between."""
    expected = failing_api.run(scenario).summary
    last = failing_api.connection.calls - 1
    kills = [Fault(0, "before"), *(Fault(call, "after") for call in range(last + 1))]
    for fault in (*kills, Fault(last, "after", kills=False)):
        stored = failing_api.run(scenario, fault)
        stored.check_consistency()
        assert stored.summary == expected, fault


@pytest.mark.parametrize("undo_seconds", [0, 20])
def test_a_sender_killed_anywhere_sends_at_most_once_and_loses_nothing(own_api: FailingApi, undo_seconds: int) -> None:
    """The stream or the queue delivers again, and the sweep runs after the lease.

    A held e-mail is in the queue twice, because the first sender died after it had enqueued it.
    """
    practice = own_api.api.add_practice(a_small_practice().model_copy(update={"email_undo_seconds": undo_seconds}))
    scene, transport = Scene(own_api.api, practice), RecordingEmailTransport()
    sender, queue = own_api.sender(transport), InMemoryHeldEmailQueue()

    def status_after(fault: Fault | None) -> EmailStatus:
        email = own_api.rejection(scene)
        for _ in range(2 if undo_seconds else 0):
            assert send_or_hold_email(sender, queue, email.outbox_id, NOW).step is EmailStep.HELD
        end = NOW + timedelta(seconds=undo_seconds)
        with own_api.connection.failing(fault), suppress(Killed):
            send_or_hold_email(sender, queue, email.outbox_id, end)
        calls = own_api.connection.calls
        send_or_hold_email(sender, queue, email.outbox_id, end)
        sweep_outbox(sender, end + EMAIL_LEASE + EMAIL_SWEEP_DELAY, lambda: True)
        sweep_outbox(sender, end + timedelta(days=1), lambda: True)
        assert transport.outbox_ids.count(email.outbox_id) <= 1
        assert bool(fault) or calls == CALLS_OF_A_SENDER
        standing = sender.emails.get(email.outbox_id)
        assert standing
        return standing.status

    assert status_after(None) is EmailStatus.SENT
    ends = [status_after(fault) for fault in all_faults(CALLS_OF_A_SENDER)]
    claimed, marked = ends[7:-1], [*ends[:7], ends[-1]]
    assert set(claimed) == {EmailStatus.UNKNOWN}
    assert set(marked) == {EmailStatus.SENT}


@pytest.mark.soak
@each_of(SCENARIOS)
def test_a_call_repeated_after_any_two_faults_is_done_once(ministack_endpoint: str, scenario: Scenario) -> None:
    """Each first fault gets new tables, because the emulator slows down with the number of items."""
    with open_failing_api(ministack_endpoint) as failing_api:
        expected = failing_api.run(scenario).summary
        calls = failing_api.connection.calls
    every_fault = [*all_faults(calls), *all_faults(calls, kills=False)]
    for first in every_fault:
        with open_failing_api(ministack_endpoint) as failing_api:
            for second in every_fault:
                stored = failing_api.run(scenario, first, second)
                stored.check_consistency()
                assert stored.summary == expected, (first, second)
