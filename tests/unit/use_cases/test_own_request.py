"""Reading and withdrawing one's own request with its manage token."""

from datetime import timedelta
from typing import Any

import pytest

from bookings.domain.kernel.errors import (
    AlreadyDecided,
    MoveNotAllowed,
    NotFound,
)
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.requests.manage_token import ManageToken
from bookings.domain.requests.request import Request, Status
from bookings.use_cases.own_request import read_own_request, withdraw_request
from tests.support.builders import (
    a_request,
    a_slot,
    a_stamp,
    a_time,
    an_idempotency_key,
)
from tests.support.practice_harness import PracticeHarness
from tests.unit.use_cases.test_submit_request import show, submit


def withdraw(harness: PracticeHarness, token: str, idempotency_key: IdempotencyKey | None = None) -> Request:
    return withdraw_request(harness.practices, harness.bookings, token, idempotency_key, a_stamp("patient"))[1]


def test_the_manage_token_is_not_stored() -> None:
    harness = PracticeHarness()
    submitted = submit(harness)
    secret = submitted.manage_token.rpartition(".")[2]
    assert secret not in show(harness, submitted.manage_token).model_dump_json()


def test_every_manage_token_is_unique() -> None:
    harness = PracticeHarness()
    assert len({submit(harness).manage_token for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token.rpartition(".")[0] + ".guess",
        lambda token: token + ".x",
        lambda token: "x." + token.partition(".")[2],
        lambda _: "",
        lambda _: "..",
        lambda _: "rubbish",
    ],
)
def test_an_invalid_manage_token_finds_and_withdraws_nothing(spoil: Any) -> None:
    harness = PracticeHarness()
    submitted = submit(harness)
    wrong = spoil(submitted.manage_token)
    with pytest.raises(NotFound):
        show(harness, wrong)
    with pytest.raises(NotFound):
        withdraw(harness, wrong)
    assert show(harness, submitted.manage_token).status is Status.PENDING


def test_a_manage_token_opens_only_its_own_request() -> None:
    harness = PracticeHarness()
    mine, theirs = (ManageToken.parse(submit(harness).manage_token) for _ in range(2))
    forged = ManageToken(theirs.practice_id, theirs.request_id, mine.secret)
    with pytest.raises(NotFound):
        show(harness, str(forged))


@pytest.mark.parametrize("accepted", [None, "2026-08-03T09:00"])
def test_a_manage_token_ends_a_month_after_the_visit(accepted: str | None) -> None:
    """The visit is the accepted slot, before an acceptance the requested one."""
    secret = ManageToken("prac_1", "req_1", "secret")
    slot = accepted and a_slot(accepted)
    request = a_request(requested=a_slot("2026-07-15T15:00"), accepted=slot or None, manage_digest=secret.digest)
    end = a_time(accepted or "2026-07-15T15:00") + timedelta(days=31)
    assert secret.opens(request, end - timedelta(seconds=1))
    assert not secret.opens(request, end)


def test_with_an_ended_token_nothing_is_found_and_nothing_withdrawn() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    late = a_stamp("patient", at=a_time("2026-08-15T15:00"))
    with pytest.raises(NotFound):
        read_own_request(harness.practices, harness.bookings, token, late.at)
    with pytest.raises(NotFound):
        withdraw_request(harness.practices, harness.bookings, token, None, late)
    assert show(harness, token).status is Status.PENDING


# ---------------------------------------------------------------- withdraw


def test_a_patient_withdraws_the_request() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    after = withdraw(harness, token)
    assert after.status is Status.CANCELLED
    assert harness.actions(after) == ["submit", "withdraw"]
    assert harness.tally() == {"received": 1, "status_cancelled": 1}


def test_reading_changes_nothing() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    assert show(harness, token) == show(harness, token)
    assert harness.tally() == {"received": 1, "status_pending": 1}


def test_a_request_is_withdrawn_once() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    withdraw(harness, token)
    with pytest.raises(AlreadyDecided):
        withdraw(harness, token)


def test_a_repeated_withdrawal_gets_the_same_answer() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    assert withdraw(harness, token, an_idempotency_key("k")) == withdraw(harness, token, an_idempotency_key("k"))


def test_a_read_that_misses_the_idempotency_record_is_no_refusal() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    first = withdraw(harness, token, an_idempotency_key("k"))
    harness.bookings.missed_idempotency_records = 1
    assert withdraw(harness, token, an_idempotency_key("k")) == first


def test_an_accepted_request_cannot_be_withdrawn() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    harness.accept(show(harness, token))
    with pytest.raises((AlreadyDecided, MoveNotAllowed)):
        withdraw(harness, token)


def test_a_withdrawal_that_loses_to_an_acceptance_is_refused() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    request = show(harness, token)
    harness.bookings.before_next_commit = lambda: harness.accept(request)
    with pytest.raises(AlreadyDecided):
        withdraw(harness, token)
    assert harness.stored(request).status is Status.ACCEPTED
