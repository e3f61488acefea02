"""Random faults of DynamoDB on the wire, with callers that try again: every effect happens once, and no answer is 500.

The scenarios are those of test_crashes.py. A process is not killed here: it goes on, with its retries and its threads.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.email import EmailStatus
from bookings.domain.outbox.email_delivery import EMAIL_LEASE, SendAccepted, SendFault, SendRefused
from bookings.use_cases.send_email import send_email
from bookings.use_cases.sweep_outbox import sweep_outbox
from tests.integration.test_crashes import (
    SCENARIOS,
    FailingApi,
    Scenario,
    Scene,
    a_small_practice,
    each_of,
    open_failing_api,
    pull,
)
from tests.support.api_harness import Answer
from tests.support.builders import NOW
from tests.support.in_memory.email_transport import RecordingEmailTransport
from tests.support.rounds import in_rounds
from tests.support.wire_faults import KINDS, WireFaults

MAX_TRIES = 20_000
"""Tries of a caller, after which it is a failure of ours.

The SDK stops to retry where most calls fail (its retry quota). A batch then needs some ten calls in a row that succeed:
with p = 0.5 that is one try in a thousand.
"""
SUCCESS = (200, 201)

SES_ANSWERS = (
    SendAccepted("ses-1"),
    SendRefused(SendFault.TRANSIENT, "InternalFailure"),
    SendRefused(SendFault.ACCOUNT, "SendingPausedException"),
    SendRefused(SendFault.UNKNOWN, "ReadTimeoutError"),
)


@dataclass
class FaultyApi:
    """The functions over a connection with faults."""

    failing_api: FailingApi
    faults: WireFaults

    def run(self, scenario: Scenario, probability: float, seed: str) -> None:
        """Try the scenario's call until it is answered, and compare what is stored with an undisturbed run."""
        expected = self.failing_api.run(scenario).summary
        practice = self.failing_api.api.add_practice(a_small_practice())
        call = scenario(Scene(self.failing_api.api, practice))
        with self.faults.active(probability, seed, *KINDS):
            answer = next((answer for answer in (call() for _ in range(MAX_TRIES)) if is_final(answer)), None)
        assert answer, "the call was never answered"
        repeated = call()
        assert repeated.status == answer.status
        assert repeated.text == answer.text or scenario is pull, "a repeated call gets the first answer"
        stored = self.failing_api.stored(practice)
        stored.check_consistency()
        assert stored.summary == expected


def is_final(answer: Answer) -> bool:
    """Whether the call succeeded; the only other answer is to try again later."""
    if answer.status not in SUCCESS:
        answer.assert_problem(503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    return answer.status in SUCCESS


@contextmanager
def open_faulty_api(endpoint: str) -> Iterator[FaultyApi]:
    """Functions with faults over new tables."""
    with open_failing_api(endpoint) as failing_api:
        yield FaultyApi(failing_api, WireFaults(failing_api.connection._connection.client))


@pytest.fixture(scope="module")
def faulty_api(ministack_endpoint: str) -> Iterator[FaultyApi]:
    with open_faulty_api(ministack_endpoint) as faulty_api:
        yield faulty_api


@pytest.fixture
def own_faulty_api(ministack_endpoint: str) -> Iterator[FaultyApi]:
    """For tests that fill the tables, because the emulator slows down with the number of items."""
    with open_faulty_api(ministack_endpoint) as faulty_api:
        yield faulty_api


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries of the SDK and ours are tried without their waits."""
    monkeypatch.setattr("time.sleep", lambda _: None)


@each_of(SCENARIOS)
@pytest.mark.parametrize("probability", [0.3])
def test_every_effect_happens_once_through_random_faults(
    faulty_api: FaultyApi, scenario: Scenario, probability: float
) -> None:
    faulty_api.run(scenario, probability, f"{scenario.__name__} {probability} 0")


@pytest.mark.soak
@each_of(SCENARIOS)
@pytest.mark.parametrize("probability", [0.05, 0.15, 0.3, 0.5])
def test_every_effect_happens_once_through_many_random_faults(
    own_faulty_api: FaultyApi, scenario: Scenario, probability: float
) -> None:
    for number in range(1, 51):
        own_faulty_api.run(scenario, probability, f"{scenario.__name__} {probability} {number}")


@in_rounds(3, 200)
def test_an_email_goes_out_at_most_once_through_random_faults(round_number: int, own_faulty_api: FaultyApi) -> None:
    """The stream delivers the record again, the sweep runs, and SES fails at random too. Then the faults are over."""
    failing_api, faults = own_faulty_api.failing_api, own_faulty_api.faults
    scene = Scene(failing_api.api, failing_api.api.add_practice(a_small_practice()))
    transport, now, chosen = RecordingEmailTransport(), NOW, random.Random(round_number)
    sender = failing_api.sender(transport)
    email = failing_api.rejection(scene)
    transport.answers = [chosen.choice(SES_ANSWERS) for _ in range(4)]
    with faults.active(0.3, f"e-mail {round_number}", *KINDS):
        for _ in range(5):
            with suppress(Unavailable):
                send_email(sender, email.outbox_id, now)
            now += EMAIL_LEASE
            with suppress(Unavailable):
                sweep_outbox(sender, now, lambda: True)
    transport.answers.clear()
    for _ in range(2):
        now += timedelta(days=1)
        sweep_outbox(sender, now, lambda: True)
    after = sender.emails.get(email.outbox_id)
    assert after
    assert len(transport.sent) <= 1
    assert after.status is (EmailStatus.SENT if after.message_id else EmailStatus.UNKNOWN)


def check_one_kind(faulty_api: FaultyApi, scenario: Scenario, kind: str) -> None:
    """While this fault strikes every call that it can, the answer is 503; afterwards the same call succeeds once."""
    expected = faulty_api.failing_api.run(scenario).summary
    practice = faulty_api.failing_api.api.add_practice(a_small_practice())
    call = scenario(Scene(faulty_api.failing_api.api, practice))
    with faulty_api.faults.active(1, kind, kind):
        for _ in range(2):
            assert is_final(call()) == (not faulty_api.faults.struck), kind
    assert is_final(call())
    stored = faulty_api.failing_api.stored(practice)
    stored.check_consistency()
    assert stored.summary == expected


@pytest.mark.parametrize("kind", KINDS)
def test_while_a_fault_lasts_the_answer_is_503(faulty_api: FaultyApi, kind: str) -> None:
    """One scenario for each kind here; in `make soak` all of them."""
    check_one_kind(faulty_api, random.Random(kind).choice(SCENARIOS), kind)


@pytest.mark.soak
@each_of(SCENARIOS)
def test_while_any_fault_lasts_every_operation_answers_503(own_faulty_api: FaultyApi, scenario: Scenario) -> None:
    for kind in KINDS:
        check_one_kind(own_faulty_api, scenario, kind)
