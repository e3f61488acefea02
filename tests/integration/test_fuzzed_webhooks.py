"""Random input to the webhook of agents is refused and never causes a server error."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.support.api_harness import ApiHarness
from tests.support.builders import NOW, an_agent, an_http_event, signed
from tests.support.scenarios import HARBOUR

EXAMPLES, SOAK = 50, 10_000
BATCH = json.dumps({"events": [{"type": "heartbeat"}]}).encode()
RIGHT = signed(BATCH, NOW, webhook_id="msg_1")

_base64 = st.binary(max_size=48).map(lambda raw: base64.b64encode(raw).decode())
_signature = st.one_of(
    st.text(max_size=60),
    _base64,
    st.builds("v1,{}".format, _base64 | st.text(max_size=60)),
    st.builds("{},{}".format, st.text(max_size=4), st.just(RIGHT["webhook-signature"][3:])),
    st.lists(st.builds("v1,{}".format, _base64), max_size=5).map(" ".join),
    st.integers(0, len(RIGHT["webhook-signature"]) - 1).map(lambda at: RIGHT["webhook-signature"][:at]),
    st.just(signed(BATCH, NOW, webhook_id="msg_2")["webhook-signature"]),
)
_timestamp = st.one_of(
    st.text(max_size=20),
    st.integers().map(str),
    st.floats().map(str),
    st.integers(-400, 400).map(lambda seconds: str(int(NOW.timestamp()) + seconds)),
)
_headers = st.fixed_dictionaries(
    {},
    optional={
        "webhook-id": st.text(max_size=40) | st.just("msg_1"),
        "webhook-timestamp": _timestamp | st.just(RIGHT["webhook-timestamp"]),
        "webhook-signature": _signature | st.just(RIGHT["webhook-signature"]),
    },
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=12,
)
_body = st.one_of(
    st.just(BATCH),
    st.binary(max_size=80),
    _json.map(lambda value: json.dumps(value).encode()),
    st.integers(0, len(BATCH) - 1).map(lambda at: BATCH[:at]),
    st.just(BATCH + b" "),
)


def _post(api: ApiHarness, raw: bytes, headers: dict[str, str]) -> Any:
    """As API Gateway passes on a body that may not be text."""
    text = base64.b64encode(raw).decode()
    path = {"agent_id": an_agent(HARBOUR).id}
    return api.invoke("receive_pms_events", an_http_event(path=path, body=text, headers=headers, is_base64=True))


def examples(count: int) -> settings:
    return settings(max_examples=count, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def stored(moto_api: ApiHarness) -> Any:
    """What is stored before all examples of a test; reading it for each one would take most of the time."""
    return moto_api.stored_items()


def refuses_what_is_not_signed(api: ApiHarness, stored: Any, raw: bytes, headers: dict[str, str]) -> None:
    assume((raw, headers) != (BATCH, RIGHT))
    answer = _post(api, raw, headers)
    answer.assert_problem(401, "unauthenticated")
    assert api.stored_items() == stored, "it stored nothing"


def refuses_what_is_no_batch(api: ApiHarness, raw: bytes) -> None:
    assume(raw not in (BATCH, BATCH + b" "))
    answer = _post(api, raw, signed(raw, NOW))
    assert 400 <= answer.status < 500, answer.text
    answer.assert_problem(answer.status, answer.part("type"))


def test_a_valid_signature_is_accepted(moto_api: ApiHarness) -> None:
    assert _post(moto_api, BATCH, RIGHT).status == 200


@examples(EXAMPLES)
@given(raw=_body, headers=_headers)
def test_unsigned_input_is_refused(moto_api: ApiHarness, stored: Any, raw: bytes, headers: dict[str, str]) -> None:
    refuses_what_is_not_signed(moto_api, stored, raw, headers)


@examples(EXAMPLES)
@given(raw=_body)
def test_a_signed_body_that_is_not_a_batch_is_refused(moto_api: ApiHarness, raw: bytes) -> None:
    refuses_what_is_no_batch(moto_api, raw)


@pytest.mark.soak
@examples(SOAK)
@given(raw=_body, headers=_headers)
def test_unsigned_input_is_refused_in_ten_thousand_examples(
    moto_api: ApiHarness, stored: Any, raw: bytes, headers: dict[str, str]
) -> None:
    refuses_what_is_not_signed(moto_api, stored, raw, headers)


@pytest.mark.soak
@examples(SOAK)
@given(raw=_body)
def test_a_signed_body_that_is_not_a_batch_is_refused_in_ten_thousand_examples(
    moto_api: ApiHarness, raw: bytes
) -> None:
    refuses_what_is_no_batch(moto_api, raw)
