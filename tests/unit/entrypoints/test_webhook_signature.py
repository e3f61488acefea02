"""Signatures of the PMS agents' webhooks."""

import base64
import json
import string
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.kernel.errors import Invalid, Malformed, Unauthenticated
from bookings.domain.practice.agent import Agent
from bookings.entrypoints.webhook import MAX_EVENTS, delivery_key, parse_batch, verify_signature
from tests.support.builders import OTHER_SECRET, SECRET, a_practice, an_agent, an_event, signed

AGENT = an_agent(a_practice())
BATCH = json.dumps({"events": [an_event()]}).encode()


def now() -> datetime:
    """The current time, because the library that verifies signatures reads the clock."""
    return datetime.now(UTC)


def is_let_in(agent: Agent | None, raw: bytes, headers: Mapping[str, str]) -> bool:
    try:
        return verify_signature(agent, raw, headers) is agent
    except Unauthenticated:
        return False


# ---------------------------------------------------------------- signatures


def test_a_valid_signature_is_accepted() -> None:
    assert is_let_in(AGENT, BATCH, signed(BATCH, now()))


def test_header_names_are_case_insensitive() -> None:
    assert is_let_in(AGENT, BATCH, {name.title(): value for name, value in signed(BATCH, now()).items()})


def test_during_rotation_both_secrets_are_valid() -> None:
    rotating = an_agent(a_practice(), SECRET, OTHER_SECRET)
    rotated = an_agent(a_practice(), OTHER_SECRET)
    old, new = signed(BATCH, now(), secret=SECRET), signed(BATCH, now(), secret=OTHER_SECRET)
    assert is_let_in(rotating, BATCH, old)
    assert is_let_in(rotating, BATCH, new)
    assert is_let_in(rotated, BATCH, new)
    assert not is_let_in(rotated, BATCH, old)


def test_one_valid_signature_among_several_is_enough() -> None:
    headers = signed(BATCH, now())
    several = {**headers, "webhook-signature": f"v1a,xyz v1,{'A' * 44} {headers['webhook-signature']}"}
    assert is_let_in(AGENT, BATCH, several)


def test_a_changed_byte_invalidates_the_signature() -> None:
    headers = signed(BATCH, now())
    assert not is_let_in(AGENT, BATCH.replace(b"Jane", b"Joan"), headers)
    assert not is_let_in(AGENT, BATCH + b" ", headers)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_header_is_required_and_signed(name: str) -> None:
    headers = signed(BATCH, now())
    assert not is_let_in(AGENT, BATCH, {key: value for key, value in headers.items() if key != name})
    last = "1" if headers[name][-1] == "0" else "0"
    assert not is_let_in(AGENT, BATCH, {**headers, name: headers[name][:-1] + last})


@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6), timedelta(days=400)])
def test_a_signature_is_valid_for_five_minutes(late: timedelta) -> None:
    assert not is_let_in(AGENT, BATCH, signed(BATCH, now() - late))


@pytest.mark.parametrize("late", [timedelta(minutes=4), timedelta(minutes=-4)])
def test_small_clock_differences_are_tolerated(late: timedelta) -> None:
    assert is_let_in(AGENT, BATCH, signed(BATCH, now() - late))


def test_an_unknown_agent_gets_the_same_refusal() -> None:
    with pytest.raises(Unauthenticated) as nobody:
        verify_signature(None, BATCH, signed(BATCH, now()))
    with pytest.raises(Unauthenticated) as unsigned:
        verify_signature(AGENT, BATCH, {})
    assert str(nobody.value) == str(unsigned.value)
    assert nobody.value.facts == unsigned.value.facts == {}


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not base64 at all", "x"])
def test_an_invalid_secret_verifies_nothing(secret: str) -> None:
    agent = AGENT.model_copy(update={"secrets": (secret,)})
    assert not is_let_in(agent, BATCH, signed(BATCH, now()))
    assert not is_let_in(agent, BATCH, signed(BATCH, now(), secret="whsec_"))


ODD = st.one_of(st.text(max_size=60), st.text(string.digits + "-+.eE_", max_size=30), st.just("v1,"), st.just("v1"))
NAMES = st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "Webhook-Id", "x-other"])


@given(st.dictionaries(NAMES, ODD), st.binary(max_size=60))
def test_no_unsigned_input_is_accepted_or_crashes(headers: dict[str, str], raw: bytes) -> None:
    assert not is_let_in(AGENT, raw, headers)


@given(NAMES.filter(lambda name: name != "x-other"), ODD)
def test_a_broken_header_invalidates_a_signed_call(name: str, odd: str) -> None:
    headers = signed(BATCH, now())
    if odd.strip() != headers[name.lower()]:
        assert not is_let_in(AGENT, BATCH, {**headers, name.lower(): odd})


# ---------------------------------------------------------------- deliveries


def test_a_repeated_delivery_has_the_same_idempotency_record() -> None:
    first, again = signed(BATCH, now(), webhook_id="msg_1"), signed(BATCH, now(), webhook_id="msg_1")
    assert delivery_key(AGENT, BATCH, first) == delivery_key(AGENT, BATCH, again)
    assert delivery_key(AGENT, BATCH, first) != delivery_key(AGENT, BATCH, {**first, "webhook-id": "msg_2"})


def test_delivery_ids_of_other_agents_are_independent() -> None:
    headers = signed(BATCH, now(), webhook_id="msg_1")
    assert (
        delivery_key(AGENT, BATCH, headers).idempotency_record_id
        != delivery_key(an_agent(a_practice()), BATCH, headers).idempotency_record_id
    )


# ---------------------------------------------------------------- batches


def test_a_batch_is_a_list_of_events() -> None:
    assert parse_batch(BATCH) == [an_event()]


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{}",
        '"events"',
        "null",
        '{"events": {}}',
        '{"events": []}',
        '{"events": null}',
        '{"events": [1]}',
        '{"events": [{}], "more": 1}',
        json.dumps({"events": [{}] * (MAX_EVENTS + 1)}),
    ],
)
def test_an_invalid_batch_is_refused(body: str) -> None:
    with pytest.raises((Invalid, Malformed)):
        parse_batch(body.encode())


@given(st.binary(max_size=80))
def test_no_body_crashes_the_parsing_of_a_batch(raw: bytes) -> None:
    with pytest.raises((Invalid, Malformed)):
        parse_batch(raw)


def test_a_batch_of_the_maximum_size_is_accepted() -> None:
    assert len(parse_batch(json.dumps({"events": [{}] * MAX_EVENTS}).encode())) == MAX_EVENTS


def test_the_secrets_of_these_tests_have_the_contracts_format() -> None:
    for secret in (SECRET, OTHER_SECRET):
        assert len(base64.b64decode(secret.removeprefix("whsec_"))) >= 24
