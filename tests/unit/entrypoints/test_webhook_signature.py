"""Signatures of the PMS agents' webhooks."""

import base64
import json
import string
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from bookings.domain.kernel.errors import IdempotencyKeyReused, Invalid, Malformed, Unauthenticated
from bookings.domain.pms.parse_event import parse_event
from bookings.domain.practice.agent import Agent
from bookings.entrypoints.webhook import MAX_EVENTS, MAX_HEADER_LENGTHS, delivery_key, parse_batch, verify_signature
from tests.support.builders import OTHER_SECRET, SECRET, a_practice, an_agent, an_event, signed

AGENT = an_agent(a_practice())
BATCH = json.dumps({"events": [an_event()]}).encode()


def now() -> datetime:
    """The current time, because the library that verifies signatures reads the clock."""
    return datetime.now(UTC)


def is_let_in(agent: Agent | None, raw: bytes, headers: Mapping[str, str]) -> bool:
    try:
        return verify_signature(agent, raw, lower_case(headers), now()) is agent
    except Unauthenticated:
        return False


def lower_case(headers: Mapping[str, str]) -> dict[str, str]:
    """As `Call.headers` has them."""
    return {name.lower(): value for name, value in headers.items()}


def refusal(agent: Agent | None, headers: Mapping[str, str], raw: bytes = BATCH) -> str:
    with pytest.raises(Unauthenticated) as caught:
        verify_signature(agent, raw, headers, now())
    assert caught.value.facts == {}
    return str(caught.value)


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


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("agent", [AGENT, None])
def test_a_missing_header_is_named_whoever_calls(agent: Agent | None, name: str) -> None:
    headers = {key: value for key, value in signed(BATCH, now()).items() if key != name}
    assert refusal(agent, headers) == f"The header {name} is missing."
    assert refusal(agent, {**headers, name: ""}) == f"The header {name} is missing."


@pytest.mark.parametrize(("name", "longest"), MAX_HEADER_LENGTHS.items())
def test_a_header_that_is_too_long_is_named(name: str, longest: int) -> None:
    headers = {**signed(BATCH, now()), name: "1" * (longest + 1)}
    assert refusal(AGENT, headers) == f"The header {name} has more than {longest} characters."


@pytest.mark.parametrize("stamp", ["yesterday", "", " ", "2026-07-01T17:00:00Z", "nan", "inf", "1e400"])
def test_a_malformed_timestamp_is_named(stamp: str) -> None:
    assert "webhook-timestamp" in refusal(AGENT, {**signed(BATCH, now()), "webhook-timestamp": stamp})


@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_a_timestamp_outside_the_tolerance_is_named_with_the_time_here(late: timedelta) -> None:
    text = refusal(None, signed(BATCH, now() - late))
    assert "webhook-timestamp is more than five minutes" in text
    assert f"{now():%Y-%m-%dT%H:}" in text


@pytest.mark.parametrize("signature", ["v1", "v1,", "v1,short", "v1a," + "A" * 43 + "=", "v1,not base64", "A" * 44])
def test_a_malformed_signature_is_named(signature: str) -> None:
    assert "webhook-signature is malformed" in refusal(AGENT, {**signed(BATCH, now()), "webhook-signature": signature})


def test_a_wrong_secret_and_an_unknown_agent_are_refused_in_the_same_words() -> None:
    wrong = refusal(AGENT, signed(BATCH, now(), secret=OTHER_SECRET))
    assert refusal(None, signed(BATCH, now())) == refusal(None, signed(BATCH, now(), secret=OTHER_SECRET)) == wrong


@pytest.mark.parametrize("agent", [None, AGENT, an_agent(a_practice(), OTHER_SECRET, SECRET)])
@pytest.mark.parametrize("secret", [SECRET, OTHER_SECRET])
def test_every_call_costs_the_same_number_of_checks(
    monkeypatch: pytest.MonkeyPatch, agent: Agent | None, secret: str
) -> None:
    checks: list[str] = []

    def check(webhook: Webhook, *given: Any, **options: Any) -> Any:
        checks.append("one")
        return verify(webhook, *given, **options)

    verify = Webhook.verify
    monkeypatch.setattr(Webhook, "verify", check)
    is_let_in(agent, BATCH, signed(BATCH, now(), secret=secret))
    assert len(checks) == 2


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


def test_another_body_under_the_same_webhook_id_is_refused_in_the_words_of_webhooks() -> None:
    headers = signed(BATCH, now(), webhook_id="msg_1")
    record = delivery_key(AGENT, BATCH, headers).idempotency_record(AGENT, now())
    with pytest.raises(IdempotencyKeyReused, match="Send a corrected batch under a new webhook-id"):
        delivery_key(AGENT, BATCH + b" ", headers).replay(record, Agent)


def test_delivery_ids_of_other_agents_are_independent() -> None:
    headers = signed(BATCH, now(), webhook_id="msg_1")
    assert (
        delivery_key(AGENT, BATCH, headers).idempotency_record_id
        != delivery_key(an_agent(a_practice()), BATCH, headers).idempotency_record_id
    )


# ---------------------------------------------------------------- batches

NESTED = "[" * 120_000 + "]" * 120_000


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
        '{"events": [{}], "events": [{}]}',
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


@pytest.mark.parametrize("body", ["", "{", '{"events": [{}]} x', '{"events": [NaN]}', "\ufeff{}", '{"events": [01]}'])
def test_a_body_that_is_not_json_is_malformed(body: str) -> None:
    with pytest.raises(Malformed):
        parse_batch(body.encode())


@pytest.mark.parametrize(
    "event",
    [
        "1",
        "null",
        "[]",
        '"\\ud83d"',
        '{"type": "heartbeat", "type": "heartbeat"}',
        "[" * 120_000 + "]" * 120_000,
        "9" * 9000,
    ],
)
def test_an_unusable_event_leaves_a_batch(event: str) -> None:
    first, last = parse_batch(f'{{"events": [{event}, {{"type": "heartbeat"}}]}}'.encode())[:1], {"type": "heartbeat"}
    assert parse_batch(f'{{"events": [{event}, {{"type": "heartbeat"}}]}}'.encode())[1] == last
    with pytest.raises(Invalid):
        parse_event(0, first[0])


def test_a_batch_of_the_maximum_size_is_accepted() -> None:
    assert len(parse_batch(json.dumps({"events": [{}] * MAX_EVENTS}).encode())) == MAX_EVENTS


def test_the_secrets_of_these_tests_have_the_contracts_format() -> None:
    for secret in (SECRET, OTHER_SECRET):
        assert len(base64.b64decode(secret.removeprefix("whsec_"))) >= 24
