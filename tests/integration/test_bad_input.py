"""Story 6: invalid input is a 4xx problem and stores nothing; no input causes a 5xx."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.api_harness import ApiHarness
from tests.support.builders import NOW, an_http_event, signed
from tests.support.scenarios import HARBOUR, JANES, SAINT_LAURENT, booked, pending

PATIENT = {"first_name": "Jane", "last_name": "Doe", "email": "jane@example.com"}
GOOD: dict[str, dict[str, Any]] = {
    "submit_request": {"patient": PATIENT, "requested": {"start": "2026-07-15T15:00:00", "duration_minutes": 60}},
    "accept_request": {"notify": False},
    "link_request": {"appointment_id": "A1", "notify": False},
    "reject_request": {"reason": "spam", "notify": False},
}
"""A valid body for each function that takes one."""

DEEP = "[" * 5_000 + "]" * 5_000


def _spoilt(good: dict[str, Any]) -> dict[str, tuple[str, int, str]]:
    text = json.dumps(good)
    first = next(iter(good))
    return {
        "an unknown field": (json.dumps({**good, "colour": "blue"}), 422, "invalid-request"),
        "a wrong type": (json.dumps({**good, first: 7}), 422, "invalid-request"),
        "null where something is needed": (json.dumps({**good, first: None}), 422, "invalid-request"),
        "nothing of what is needed": ("{}", 422, "invalid-request"),
        "a list": (f"[{text}]", 422, "invalid-request"),
        "a key twice": (f'{text[:-1]}, "{first}": 1}}', 400, "malformed-request"),
        "half a character": (f'{text[:-1]}, "note": "\\ud800"}}', 400, "malformed-request"),
        "half of it": (text[: len(text) // 2], 400, "malformed-request"),
        "not a number": (f'{text[:-1]}, "x": NaN}}', 400, "malformed-request"),
        "nothing": ("", 400, "malformed-request"),
        "far too deep": (DEEP, 400, "malformed-request"),
        "too much": (json.dumps({**good, "note": "é" * 9_000}, ensure_ascii=False), 413, "payload-too-large"),
    }  # fmt: skip


BODIES = [(function, what, *spoilt) for function, good in GOOD.items() for what, spoilt in _spoilt(good).items()]


def _post(
    api: ApiHarness, function: str, body: str | None, practice_id: str = HARBOUR.id, *, is_base64: bool = False
) -> Any:
    path = {"practice_id": practice_id} | ({} if function == "submit_request" else {"request_id": JANES.id})
    headers = {"Idempotency-Key": "k"} | ({} if function == "submit_request" else {"If-Match": '"1"'})
    groups = f"{practice_id}:front_desk"
    event = an_http_event(path=path, body=body, headers=headers, groups=groups, is_base64=is_base64)
    return api.invoke(function, event)


@pytest.mark.parametrize("function", GOOD)
def test_the_valid_bodies_are_accepted(moto_api: ApiHarness, function: str) -> None:
    pending(moto_api)
    booked(moto_api)
    body = {**GOOD[function], **({"different_appointment": True} if function == "accept_request" else {})}
    assert _post(moto_api, function, json.dumps(body)).status in (200, 201)


@pytest.mark.parametrize(("function", "what", "body", "status", "slug"), BODIES, ids=lambda it: str(it)[:40])
def test_an_invalid_body_is_refused_and_stores_nothing(
    moto_api: ApiHarness, function: str, what: str, body: str, status: int, slug: str
) -> None:
    pending(moto_api)
    before = moto_api.stored_items()
    answer = _post(moto_api, function, body)
    answer.assert_problem(status, slug)
    assert moto_api.stored_items() == before
    assert "Jane" not in answer.text
    assert "jane@example.com" not in answer.text


@pytest.mark.parametrize("body", ["%%%", "4pyT4", base64.b64encode(b'{"notify": "\xff"}').decode()])
def test_a_body_that_is_not_utf_8_is_refused(moto_api: ApiHarness, body: str) -> None:
    pending(moto_api)
    _post(moto_api, "accept_request", body, is_base64=True).assert_problem(400, "malformed-request")


@pytest.mark.parametrize(
    "wall",
    [
        pytest.param("2027-03-14T02:30:00", id="skipped in spring"),
        pytest.param("2026-11-01T01:30:00", id="there twice in autumn"),
    ],
)
def test_toronto_has_clock_changes_and_british_columbia_has_none(moto_api: ApiHarness, wall: str) -> None:
    body = json.dumps({"patient": PATIENT, "requested": {"start": wall, "duration_minutes": 30}})
    refused = _post(moto_api, "submit_request", body, SAINT_LAURENT.id)
    refused.assert_problem(422, "invalid-request")
    assert refused.part("errors.0.field") == "requested.start"
    assert _post(moto_api, "submit_request", body, HARBOUR.id).status == 201


@pytest.mark.parametrize("offset", ["-04:00", "-05:00"])
def test_an_ambiguous_time_is_accepted_with_its_offset(moto_api: ApiHarness, offset: str) -> None:
    body = {"patient": PATIENT, "requested": {"start": f"2026-11-01T01:30:00{offset}", "duration_minutes": 30}}
    asked = _post(moto_api, "submit_request", json.dumps(body), SAINT_LAURENT.id).part("id")
    found = moto_api.call("read_request", SAINT_LAURENT.id, request_id=asked)
    assert found.part("requested.start") == f"2026-11-01T01:30:00{offset}"


@pytest.mark.parametrize("start", ["2026-07-01T10:00:00", "2026-07-01T09:59:59", "2026-07-01T17:00:00Z"])
def test_a_past_start_is_refused(moto_api: ApiHarness, start: str) -> None:
    body = json.dumps({"patient": PATIENT, "requested": {"start": start, "duration_minutes": 30}})
    _post(moto_api, "submit_request", body).assert_problem(422, "invalid-request")


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,%%%"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,é"},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "inf"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-id": ""},
        {"webhook-id": "another"},
    ],
)
def test_a_malformed_signature_is_refused_and_stores_nothing(moto_api: ApiHarness, headers: dict[str, str]) -> None:
    before = moto_api.stored_items()
    moto_api.send_events(HARBOUR, {"type": "heartbeat"}, headers=headers).assert_problem(401, "unauthenticated")
    assert moto_api.stored_items() == before


def test_a_batch_that_is_too_large_is_refused_before_its_signature(moto_api: ApiHarness) -> None:
    body = json.dumps({"events": [{"type": "heartbeat", "data": {"x": "x" * 256 * 1024}}]})
    event = an_http_event(path={"agent_id": "agt_prac_harbour"}, body=body, headers=signed(body.encode(), NOW))
    moto_api.invoke("receive_pms_events", event).assert_problem(413, "payload-too-large")


LONG = "é" * 3_000


@pytest.mark.parametrize(
    ("function", "path"),
    [
        ("read_public_practice", {"practice_id": f"prac_{LONG}"}),
        ("read_request", {"practice_id": HARBOUR.id, "request_id": LONG}),
        ("read_own_request", {"manage_token": f"{HARBOUR.id}.{LONG}.x"}),
    ],
)
def test_an_id_that_no_key_can_hold_is_not_found(moto_api: ApiHarness, function: str, path: dict[str, str]) -> None:
    answer = moto_api.invoke(function, an_http_event(path=path, body="{}", groups="prac_harbour:front_desk"))
    assert (answer.status, answer.body["type"].endswith("-not-found")) == (404, True)


def test_an_agent_id_that_no_key_can_hold_is_not_verified(moto_api: ApiHarness) -> None:
    answer = moto_api.invoke("receive_pms_events", an_http_event(path={"agent_id": f"agt_{LONG}"}, body="{}"))
    answer.assert_problem(401, "unauthenticated")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=12,
)
_fields = st.sampled_from(["patient", "requested", "notify", "start", "reason", "appointment_id", "override", "note"])
_filters = st.sampled_from(["status", "from", "to", "order", "limit", "cursor", "source"])


@pytest.mark.parametrize("function", GOOD)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(_fields, _json, max_size=5).map(json.dumps) | st.text(max_size=60))
def test_no_body_causes_a_server_error(moto_api: ApiHarness, function: str, body: str) -> None:
    assert _post(moto_api, function, body).status < 500


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["status", "from", "to", "order", "limit", "cursor", "source"]), st.text(max_size=30)
    )
)
def test_no_query_causes_a_server_error(moto_api: ApiHarness, query: dict[str, str]) -> None:
    assert moto_api.call("list_requests", HARBOUR.id, query=query).status < 500


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.dictionaries(st.sampled_from(["type", "version", "data"]), _json), min_size=1, max_size=3))
def test_no_event_causes_a_server_error(moto_api: ApiHarness, events: list[dict[str, Any]]) -> None:
    assert moto_api.send_events(HARBOUR, *events).status < 500
