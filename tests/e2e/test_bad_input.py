"""Story 6: invalid input gets a clear problem and stores nothing."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.actors import next_15_july
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

DAY = next_15_july()
JANE = {"first_name": "Jane", "last_name": "Doe", "email": "jane@example.com"}


def _body(**changes: Any) -> str:
    return json.dumps(
        {"patient": JANE, "requested": {"start": f"{DAY}T15:00:00", "duration_minutes": 60}, "source": "bad"} | changes
    )


BAD_BODIES = {
    "an unknown field": (_body(favourite_colour="blue"), 422, "invalid-request"),
    "a wrong type": (_body(requested={"start": f"{DAY}T15:00:00", "duration_minutes": "60"}), 422, "invalid-request"),
    "a number for a time": (_body(requested={"start": 1784152800, "duration_minutes": 60}), 422, "invalid-request"),
    "a key twice": ('{"source": "bad", ' + _body()[1:], 400, "malformed-request"),
    "no JSON": ("{", 400, "malformed-request"),
    "a time that the clocks skip": (
        _body(requested={"start": "2027-03-14T02:30:00", "duration_minutes": 60}),
        422,
        "invalid-request",
    ),
    "a time that comes twice": (
        _body(requested={"start": "2027-11-07T01:30:00", "duration_minutes": 60}),
        422,
        "invalid-request",
    ),
    "a start that has passed": (
        _body(requested={"start": "2020-07-15T15:00:00", "duration_minutes": 60}),
        422,
        "invalid-request",
    ),
    "an oversized body": (_body(note="x" * 20_000), 413, "payload-too-large"),
    "a chair of nobody": (
        _body(requested={"start": f"{DAY}T15:00:00", "duration_minutes": 60, "chair_id": "chair_99"}),
        422,
        "invalid-request",
    ),
}


@pytest.mark.parametrize("what", BAD_BODIES)
def test_a_submission_is_refused_with_a_clear_problem(stage: Stage, what: str) -> None:
    body, status, slug = BAD_BODIES[what]
    path = f"/v1/public/practices/{stage.saint_laurent['practice_id']}/requests"

    answer = stage.door.post(path, content=body, headers={"Idempotency-Key": uuid4().hex})

    _is_problem(answer, status, slug)
    assert stage.front_desk(stage.saint_laurent).get("/requests", source="bad").json()["items"] == []


def test_a_submission_without_an_idempotency_key_is_refused(stage: Stage) -> None:
    answer = stage.door.post(f"/v1/public/practices/{stage.harbour['practice_id']}/requests", content=_body())
    _is_problem(answer, 400, "idempotency-key-required")


def test_an_unknown_practice_is_answered_like_another_practice(stage: Stage) -> None:
    desk = stage.front_desk(stage.harbour)
    nobodys = stage.door.post(
        "/v1/public/practices/prac_none/requests", content=_body(), headers={"Idempotency-Key": "k"}
    )
    _is_problem(nobodys, 404, "practice-not-found")
    desk.practice_id = stage.saint_laurent["practice_id"]
    for path in ("", "/requests", "/schedule?date=2027-07-15", "/requests/req_1", "/requests/req_1/history"):
        _is_problem(desk.get(path), 404, "practice-not-found")


def test_without_a_token_access_is_refused(stage: Stage) -> None:
    path = f"/v1/practices/{stage.harbour['practice_id']}/requests"
    for headers in ({}, {"Authorization": "Bearer x.y.z"}):
        answer = stage.door.get(path, headers=headers)
        _is_problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == 'Bearer realm="chairlink"'


def test_a_decision_needs_if_match(stage: Stage) -> None:
    desk = stage.front_desk(stage.harbour)
    asked = stage.patient(stage.harbour).submit(f"{DAY}T16:00:00")
    path = f"/v1/practices/{desk.practice_id}/requests/{asked['id']}/reject"
    body = {"reason": "spam", "notify": False}
    _is_problem(stage.door.post(path, json=body, headers={"Authorization": desk.token}), 428, "revision-required")
    _is_problem(desk.decide("reject", asked["id"], body, revision=7), 412, "revision-stale")
    assert desk.request(asked["id"])["status"] == "pending"


@pytest.mark.parametrize("cursor", ["x", "ÿ", "c3RhcnQ6", "cmVjZWl2ZWQ6cmVxXzA"])
def test_an_invalid_cursor_is_refused(stage: Stage, cursor: str) -> None:
    _is_problem(stage.front_desk(stage.harbour).get("/requests", cursor=cursor), 400, "malformed-request")


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook_signature": "v1,AAAA"},
        {"webhook_signature": "v1"},
        {"webhook_signature": "v1,%%%"},
        {"webhook_signature": ""},
        {"webhook_timestamp": "yesterday"},
        {"webhook_timestamp": "1"},
        {"webhook_timestamp": "inf"},
        {"webhook_id": ""},
    ],
)
def test_an_invalid_signature_is_refused(stage: Stage, headers: dict[str, str]) -> None:
    answer = stage.agent(stage.harbour).post_body('{"events": [{"type": "heartbeat"}]}', **headers)
    _is_problem(answer, 401, "unauthenticated")


def test_an_unknown_path_is_an_rfc_9457_problem(stage: Stage) -> None:
    _is_problem(stage.door.get("/v1/nothing/here"), 404, "not-found")


def _is_problem(answer: httpx.Response, status: int, slug: str) -> None:
    assert (answer.status_code, answer.json().get("type")) == (status, slug), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == status
    assert answer.json()["title"]
    assert "Jane" not in answer.text
    assert "Traceback" not in answer.text
