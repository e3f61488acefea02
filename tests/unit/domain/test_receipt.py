"""What makes a repeated call harmless."""

from datetime import timedelta
from itertools import product

import pytest

from bookings.domain.kernel.errors import IdempotencyKeyReused
from bookings.domain.kernel.idempotency import Attempt
from bookings.domain.requests.request import Request
from tests.builders import NOW, a_request, an_attempt


def test_a_repetition_gets_the_first_answer_once_more() -> None:
    request = a_request()
    receipt = an_attempt("k").receipt(request, NOW)
    assert an_attempt("k").replay(receipt, Request) == request


def test_the_same_key_with_another_payload_is_refused() -> None:
    receipt = an_attempt("k", b'{"notify": true}').receipt(a_request(), NOW)
    with pytest.raises(IdempotencyKeyReused):
        an_attempt("k", b'{"notify": false}').replay(receipt, Request)


def test_callers_and_operations_never_meet_each_others_keys() -> None:
    ids = {
        Attempt.of(principal=principal, operation=operation, key=key, payload=b"").receipt_id
        for principal, operation, key in product(("u", "u1"), ("POST /a", "POST /b"), ("1", "k"))
    }
    assert len(ids) == 8


def test_a_receipt_does_not_tell_its_key() -> None:
    assert "secret-key" not in an_attempt("secret-key").receipt(a_request(), NOW).model_dump_json()


def test_receipts_are_kept_for_a_day_unless_said_otherwise() -> None:
    attempt = an_attempt()
    assert attempt.receipt(a_request(), NOW).expires_at == NOW + timedelta(days=1)
    assert attempt.receipt(a_request(), NOW, kept_for=timedelta(days=7)).expires_at == NOW + timedelta(days=7)
