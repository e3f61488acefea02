"""Idempotency keys and records."""

from datetime import timedelta
from itertools import product

import pytest

from bookings.domain.kernel.errors import IdempotencyKeyReused
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.requests.request import Request
from tests.support.builders import NOW, a_request, an_idempotency_key


def test_a_repeated_call_gets_the_first_answer() -> None:
    request = a_request()
    idempotency_record = an_idempotency_key("k").idempotency_record(request, NOW)
    assert an_idempotency_key("k").replay(idempotency_record, Request) == request


def test_the_same_key_with_another_payload_is_refused() -> None:
    idempotency_record = an_idempotency_key("k", b'{"notify": true}').idempotency_record(a_request(), NOW)
    with pytest.raises(IdempotencyKeyReused):
        an_idempotency_key("k", b'{"notify": false}').replay(idempotency_record, Request)


def test_keys_of_other_callers_or_operations_are_independent() -> None:
    ids = {
        IdempotencyKey.of(principal=principal, operation=operation, key=key, payload=b"").idempotency_record_id
        for principal, operation, key in product(("u", "u1"), ("POST /a", "POST /b"), ("1", "k"))
    }
    assert len(ids) == 8


def test_an_idempotency_record_does_not_contain_its_key() -> None:
    assert "secret-key" not in an_idempotency_key("secret-key").idempotency_record(a_request(), NOW).model_dump_json()


def test_idempotency_records_are_kept_for_a_day_by_default() -> None:
    idempotency_key = an_idempotency_key()
    assert idempotency_key.idempotency_record(a_request(), NOW).expires_at == NOW + timedelta(days=1)
    assert idempotency_key.idempotency_record(a_request(), NOW, ttl=timedelta(days=7)).expires_at == NOW + timedelta(
        days=7
    )
