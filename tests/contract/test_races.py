"""Many callers at once, and exactly one winner.

These run on MiniStack only: memory has a lock, and moto lets several callers win.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

import pytest

from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.decisions.commands import PatientCorrection, Reopening
from bookings.domain.insights.finding import FindingMark
from bookings.domain.kernel.errors import (
    AlreadyDecided,
    AppointmentTaken,
    MoveNotAllowed,
    Refusal,
    RevisionStale,
    ScheduleConflict,
)
from bookings.domain.outbox.email_delivery import claim_email
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.tally import columns_of
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.manage_token import ManageToken
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.conflicts import overlap
from bookings.emails.patient_email import PatientEmailRenderer
from bookings.emails.staff_email import StaffEmailRenderer
from bookings.use_cases.accept_request import accept_request
from bookings.use_cases.correct_patient import correct_patient
from bookings.use_cases.link_request import link_request
from bookings.use_cases.own_request import withdraw_request
from bookings.use_cases.receive_pms_events import BatchResult, receive_events
from bookings.use_cases.reject_request import reject_request
from bookings.use_cases.reopen_request import reopen_request
from bookings.use_cases.send_email import EmailSender, send_email
from bookings.use_cases.submit_request import SubmittedRequest, submit_request
from tests.contract.conftest import Stores
from tests.support.builders import (
    A_LARGE_LIMIT,
    NOW,
    a_chair,
    a_command_context,
    a_linking,
    a_mark,
    a_practitioner,
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
    hours,
    open_hours,
    sheet_key,
)
from tests.support.in_memory.email_transport import RecordingEmailTransport
from tests.support.rounds import in_rounds
from tests.support.seeding import submit_requests

rounds = in_rounds(4, 150)

TODAY = NOW.date()
AFTERNOON = hours(*open_hours("14:00", "17:00", days=[3]))
"""Short hours, because each of many refusals computes openings."""
OWN = ManageToken("", "", "the patient's own secret")
_Result = TypeVar("_Result")


def all_at_once(calls: Sequence[Callable[[], _Result]]) -> list[_Result | Refusal]:
    """The results or refusals of calls that all start at the same moment."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], _Result]) -> _Result | Refusal:
        ready.wait(30)
        try:
            return call()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def outcomes(answers: Sequence[object]) -> Counter[str]:
    return Counter(type(answer).__name__ for answer in answers)


class Desk:
    """A practice on MiniStack and its front desk."""

    def __init__(self, stores: Stores, **fields: Any) -> None:
        self.stores = stores
        self.practice: Practice = stores.practice(**fields)

    def request(self, **fields: Any) -> Request:
        request = a_request(**{"practice_id": self.practice.id, **fields})
        submit_requests(self.stores.bookings, request)
        return request

    def appointment(self, **fields: Any) -> Appointment:
        appointment = an_appointment(**{"practice_id": self.practice.id, "patient": a_stranger(), **fields})
        change = ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=Edit(None, appointment))
        self.stores.bookings.commit(change)
        return appointment

    def accept(self, request: Request, key: str | None = None, **edits: Any) -> Request:
        idempotency_key = an_idempotency_key(key) if key else None
        acceptance = an_acceptance(different_appointment=True, **edits)
        return accept_request(
            self.stores.practices,
            self.stores.bookings,
            a_command_context(request, idempotency_key=idempotency_key),
            acceptance,
        )

    def link(self, request: Request, appointment: Appointment) -> Request:
        return link_request(
            self.stores.practices, self.stores.bookings, a_command_context(request), a_linking(appointment)
        )

    def reject(self, request: Request) -> Request:
        return reject_request(self.stores.practices, self.stores.bookings, a_command_context(request), a_rejection())

    def correct(self, request: Request) -> Request:
        correction = PatientCorrection(last_name="Dow")
        return correct_patient(self.stores.practices, self.stores.bookings, a_command_context(request), correction)

    def reopen(self, request: Request) -> Request:
        return reopen_request(self.stores.practices, self.stores.bookings, a_command_context(request), Reopening())

    def withdraw(self, token: str) -> Request:
        _, request = withdraw_request(self.stores.practices, self.stores.bookings, token, None, a_stamp("patient"))
        return request

    def stands(self, request: Request) -> Request:
        found = self.stores.bookings.load(self.practice.id, request_id=request.id).request
        assert found
        return found

    def actions(self, request: Request) -> list[str]:
        return [entry.action for entry in self.stores.bookings.history(request.id)]

    def busy(self, kind: str, resource_id: str, day: str = "2026-07-15") -> list[str]:
        key = sheet_key(day, "chair" if kind == "chair" else "practitioner", resource_id)
        return list(self.stores.bookings.load(self.practice.id, sheets=[key]).sheets[key].busy)

    def tally(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for tally in self.stores.bookings.tallies(self.practice.id, TODAY, TODAY):
            total.update(tally.counts)
        return +total

    def recounted(self, *requests: Request) -> Counter[str]:
        """The tally recounted from the requests."""
        total: Counter[str] = Counter()
        for request in requests:
            total.update(columns_of(self.stands(request)))
        return total


@pytest.fixture(scope="module", autouse=True)
def warm(ministack_stores: Stores) -> None:
    """Open the connections before the races."""
    practice = ministack_stores.practice()
    all_at_once([lambda: ministack_stores.practices.get(practice.id)] * 20)


# ---------------------------------------------------------------- one request


@rounds
def test_of_twenty_concurrent_acceptances_one_succeeds(ministack_stores: Stores, round_number: int) -> None:
    """Story 5. Each asks for another time, so that there are no conflicts."""
    desk = Desk(ministack_stores)
    request = desk.request()
    times = [f"2026-07-{15 + n // 8}T{8 + n % 8:02}:00:00" for n in range(20)]
    answers = all_at_once([partial(desk.accept, request, start=start, notify=True) for start in times])
    said = outcomes(answers)
    assert said.pop("Request") == 1, said
    assert set(said) <= {"AlreadyDecided", "RevisionStale"}
    (winner,) = (answer for answer in answers if isinstance(answer, Request))
    assert desk.stands(request) == winner
    assert desk.actions(request) == ["submit", "accept"]
    everywhere = [
        name for day in ("15", "16", "17") for chair in ("chr_a", "chr_b")
        for name in desk.busy("chair", chair, f"2026-07-{day}")
    ]  # fmt: skip
    assert everywhere == [winner.appointment_id], "refused acceptances left no busy times"
    assert desk.tally() == desk.recounted(request)


@rounds
def test_of_concurrent_decisions_of_all_kinds_one_succeeds(ministack_stores: Stores, round_number: int) -> None:
    desk = Desk(ministack_stores)
    request, appointment = desk.request(), desk.appointment()
    ways: list[Callable[[], Request]] = [
        lambda: desk.accept(request),
        lambda: desk.reject(request),
        lambda: desk.link(request, appointment),
        lambda: desk.correct(request),
    ]
    answers = all_at_once(ways * 4)
    assert outcomes(answers)["Request"] == 1
    assert all(isinstance(answer, Request | AlreadyDecided | RevisionStale | AppointmentTaken) for answer in answers)
    assert len(desk.actions(request)) == 2
    assert desk.tally() == desk.recounted(request)


@rounds
def test_a_request_is_accepted_or_withdrawn_and_never_both(ministack_stores: Stores, round_number: int) -> None:
    desk = Desk(ministack_stores)
    request = desk.request(manage_digest=OWN.digest)
    token = str(replace(OWN, practice_id=desk.practice.id, request_id=request.id))
    ways: list[Callable[[], Request]] = [lambda: desk.accept(request, notify=True), lambda: desk.withdraw(token)]
    answers = all_at_once(ways * 3)
    assert all(isinstance(one, Request | AlreadyDecided | MoveNotAllowed | RevisionStale) for one in answers), answers
    (winner,) = (answer for answer in answers if isinstance(answer, Request))
    assert desk.stands(request) == winner
    busy = [winner.appointment_id] if winner.status is Status.ACCEPTED else []
    assert desk.busy("practitioner", "prov_a") == busy
    assert desk.tally() == desk.recounted(request)


# ---------------------------------------------------------------- one chair, one practitioner


@rounds
def test_of_ten_acceptances_for_one_chair_one_succeeds(ministack_stores: Stores, round_number: int) -> None:
    """Story 5. Each request has its own practitioner, so that only the chair conflicts."""
    people = tuple(a_practitioner(f"prov_{n}") for n in range(10))
    desk = Desk(ministack_stores, practitioners=people, hours=AFTERNOON)
    requests = [desk.request(requested=a_slot(practitioner_id=one.id, chair_id="chr_a")) for one in people]
    answers = all_at_once([partial(desk.accept, one) for one in requests])
    assert outcomes(answers) == {"Request": 1, "ScheduleConflict": 9}
    (winner,) = (answer for answer in answers if isinstance(answer, Request))
    for refusal in answers:
        if isinstance(refusal, ScheduleConflict):
            assert [one.appointment_id for one in refusal.facts["conflicts"]] == [winner.appointment_id]
            assert refusal.facts["openings"]
    assert desk.busy("chair", "chr_a") == [winner.appointment_id]
    assert Counter(desk.stands(one).status for one in requests) == {Status.PENDING: 9, Status.ACCEPTED: 1}
    assert desk.tally() == desk.recounted(*requests)


@rounds
def test_concurrent_acceptances_for_one_practitioner_never_overlap(ministack_stores: Stores, round_number: int) -> None:
    """Each request has its own chair, so that only the practitioner conflicts."""
    chairs = tuple(a_chair(f"chr_{n}") for n in range(10))
    desk = Desk(ministack_stores, chairs=chairs, hours=AFTERNOON)
    requests = [
        desk.request(
            requested=a_slot(f"2026-07-15T{14 + n // 5:02}:{n % 5 * 12:02}", practitioner_id="prov_a", chair_id=one.id)
        )
        for n, one in enumerate(chairs)
    ]
    answers = all_at_once([partial(desk.accept, one) for one in requests])
    booked = [answer.accepted for answer in answers if isinstance(answer, Request) and answer.accepted]
    assert 1 <= len(booked) <= 2
    assert not any(overlap(one, other) for one in booked for other in booked if one is not other)
    assert len(desk.busy("practitioner", "prov_a")) == len(booked)
    assert desk.tally() == desk.recounted(*requests)


@rounds
def test_acceptances_for_any_chair_succeed_while_one_is_free(ministack_stores: Stores, round_number: int) -> None:
    """With two chairs and two practitioners, two of five requests are accepted."""
    desk = Desk(ministack_stores, hours=AFTERNOON)
    requests = [desk.request(requested=a_slot()) for _ in range(5)]
    answers = all_at_once([partial(desk.accept, one) for one in requests])
    assert outcomes(answers) == {"Request": 2, "ScheduleConflict": 3}
    for kind, names in (("chair", ("chr_a", "chr_b")), ("practitioner", ("prov_a", "prov_b"))):
        assert [len(desk.busy(kind, name)) for name in names] == [1, 1]


@rounds
def test_an_event_and_an_acceptance_for_one_chair_never_miss_each_other(
    ministack_stores: Stores, round_number: int
) -> None:
    """The PMS always succeeds; the front desk was first or is refused."""
    desk = Desk(ministack_stores)
    request = desk.request(requested=a_slot(practitioner_id="prov_a", chair_id="chr_a"))
    taken = a_slot("2026-07-15T15:30", practitioner_id="prov_b", chair_id="chr_a")
    calls: list[Callable[[], object]] = [lambda: desk.appointment(slot=taken), lambda: desk.accept(request)]
    booked, answer = all_at_once(calls)
    assert isinstance(booked, Appointment)
    sheet = desk.busy("chair", "chr_a")
    if isinstance(answer, Request):
        assert sheet in ([answer.appointment_id, booked.id], [booked.id, answer.appointment_id])
    else:
        assert isinstance(answer, ScheduleConflict)
        assert [one.appointment_id for one in answer.facts["conflicts"]] == [booked.id]
        assert sheet == [booked.id]


# ---------------------------------------------------------------- one idempotency key


@rounds
def test_thirty_two_submissions_with_one_key_create_one_request(ministack_stores: Stores, round_number: int) -> None:
    """Story 7."""
    desk = Desk(ministack_stores)
    idempotency_key = an_idempotency_key()

    def submit() -> SubmittedRequest:
        return submit_request(
            desk.stores.practices,
            desk.stores.bookings,
            desk.practice.id,
            a_submission(),
            idempotency_key,
            a_stamp("patient"),
            hourly_limit=A_LARGE_LIMIT,
        )

    answers = all_at_once([submit] * 32)
    assert all(isinstance(answer, SubmittedRequest) for answer in answers), outcomes(answers)
    assert all(answer == answers[0] for answer in answers)
    assert desk.tally() == {"received": 1, "status_pending": 1}


@rounds
def test_concurrent_copies_of_a_decision_get_the_same_answer(ministack_stores: Stores, round_number: int) -> None:
    desk = Desk(ministack_stores)
    request = desk.request()
    key = f"key of {request.id}"
    answers = all_at_once([lambda: desk.accept(request, key, notify=True)] * 12)
    assert all(isinstance(answer, Request) for answer in answers), outcomes(answers)
    assert all(answer == answers[0] for answer in answers)
    assert desk.actions(request) == ["submit", "accept"]


# ---------------------------------------------------------------- a limit


@rounds
def test_of_many_submissions_exactly_as_many_as_the_limit_succeed(ministack_stores: Stores, round_number: int) -> None:
    desk = Desk(ministack_stores)

    def submit() -> SubmittedRequest:
        return submit_request(
            desk.stores.practices,
            desk.stores.bookings,
            desk.practice.id,
            a_submission(),
            an_idempotency_key(),
            a_stamp("patient"),
            hourly_limit=5,
        )

    answers = all_at_once([submit] * 16)
    assert outcomes(answers) == {"SubmittedRequest": 5, "TooManyRequests": 11}
    assert desk.tally() == {"received": 5, "status_pending": 5}


# ---------------------------------------------------------------- one appointment, one e-mail


@rounds
def test_concurrent_marks_with_one_key_store_one(ministack_stores: Stores, round_number: int) -> None:
    practice_id, idempotency_key = ministack_stores.practice().id, an_idempotency_key()
    marks = [a_mark(practice_id, by=f"staff:u{n}") for n in range(10)]
    calls = [
        partial(ministack_stores.findings.save_mark, mark, idempotency_key.idempotency_record(mark, NOW), NOW)
        for mark in marks
    ]
    (idempotency_record,) = {answer for answer in all_at_once(calls) if not isinstance(answer, Refusal)}
    assert ministack_stores.findings.marks(practice_id) == [idempotency_key.replay(idempotency_record, FindingMark)]


@rounds
def test_of_ten_concurrent_links_to_one_appointment_one_succeeds(ministack_stores: Stores, round_number: int) -> None:
    desk = Desk(ministack_stores)
    appointment = desk.appointment()
    requests = [desk.request() for _ in range(10)]
    answers = all_at_once([partial(desk.link, one, appointment) for one in requests])
    assert outcomes(answers) == {"Request": 1, "AppointmentTaken": 9}
    linked = desk.stores.bookings.load(desk.practice.id, appointment_id=appointment.id).appointment
    (winner,) = (answer for answer in answers if isinstance(answer, Request))
    assert linked
    assert linked.request_id == winner.id


@rounds
def test_a_concurrent_undo_stops_the_email_or_takes_it_back(ministack_stores: Stores, round_number: int) -> None:
    """The claim decides: an e-mail goes out exactly if the undo knows of it."""
    desk, transport = Desk(ministack_stores), RecordingEmailTransport()
    sender = EmailSender(
        desk.stores.emails,
        desk.stores.bookings,
        desk.stores.practices,
        PatientEmailRenderer("desk@chairlink.dev"),
        StaffEmailRenderer("desk@chairlink.dev", lambda report: report.folder),
        transport,
    )
    accepted = desk.accept(desk.request(), notify=True)
    assert accepted.outbox_id
    send = partial(send_email, sender, accepted.outbox_id, NOW)
    assert "Unavailable" not in outcomes(all_at_once([send, partial(desk.reopen, accepted), send]))
    back = desk.stands(accepted)
    assert (back.status, bool(back.outbox_id)) == (Status.PENDING, bool(transport.calls))
    send()
    assert len(transport.sent) == transport.calls <= 1


@rounds
def test_of_ten_concurrent_claims_of_an_email_one_succeeds(ministack_stores: Stores, round_number: int) -> None:
    desk = Desk(ministack_stores)
    accepted = desk.accept(desk.request(), notify=True)
    assert accepted.outbox_id
    email = desk.stores.emails.get(accepted.outbox_id)
    assert email
    claims = [partial(desk.stores.emails.advance, email, claim_email(email, f"try_{n}", NOW)) for n in range(10)]
    assert all_at_once(claims).count(True) == 1


# ---------------------------------------------------------------- events


@rounds
def test_concurrent_events_in_any_order_end_in_the_newest_version(ministack_stores: Stores, round_number: int) -> None:
    desk = Desk(ministack_stores)
    agent = an_agent(desk.practice)
    events = [an_event(version=n, start=f"2026-07-{13 + n % 5}T{8 + n:02}:00:00") for n in range(1, 9)] * 2
    random.Random(round_number).shuffle(events)

    def receive(event: dict[str, Any]) -> BatchResult:
        return receive_events(
            desk.stores.practices, desk.stores.bookings, agent, [event], an_idempotency_key(), a_stamp("agent")
        )

    answers = all_at_once([partial(receive, event) for event in events])
    while unavailable := [event for event, answer in zip(events, answers, strict=True) if isinstance(answer, Refusal)]:
        # A batch with too many collisions is sent again, as agents do.
        events = unavailable
        answers = all_at_once([partial(receive, event) for event in events])
    known = desk.stores.bookings.load(desk.practice.id, appointment_id="A1").appointment
    assert known
    assert (known.version, known.slot) == (8, a_slot("2026-07-16T16:00", practitioner_id="prov_b", chair_id="chr_b"))
    for day in range(13, 18):
        expected = ["A1"] if day == 16 else []
        assert desk.busy("chair", "chr_b", f"2026-07-{day}") == expected
        assert desk.busy("practitioner", "prov_b", f"2026-07-{day}") == expected


# ---------------------------------------------------------------- all decisions


@rounds
def test_the_tally_equals_a_recount_after_concurrent_decisions(ministack_stores: Stores, round_number: int) -> None:
    desk = Desk(ministack_stores)
    requests = [desk.request(requested=a_slot(f"2026-07-{15 + n}T15:00")) for n in range(3)]

    def somebody(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(6):
            request = desk.stands(chance.choice(requests))
            try:
                chance.choice([desk.accept, desk.reject, desk.reopen])(request)
            except Refusal:
                continue

    all_at_once([partial(somebody, round_number * 100 + n) for n in range(8)])
    assert desk.tally() == desk.recounted(*requests)
    for request in requests:
        revisions = [entry.revision for entry in desk.stores.bookings.history(request.id)]
        assert revisions == list(range(1, desk.stands(request).revision + 1)), "history has every revision once"
