"""Answers, problems and crashes of HTTP handlers."""

import inspect
import io
import json
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.domain.kernel import errors
from bookings.domain.kernel.errors import (
    Invalid,
    NotFound,
    PossibleMatch,
    Refusal,
    RevisionStale,
)
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.answers.requests import answer_with_request
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint, etag
from bookings.observability import logger
from tests.support.builders import a_request, an_http_event
from tests.support.lambda_context import FakeLambdaContext

CONTEXT = cast("LambdaContext", FakeLambdaContext())
PATH = {"practice_id": "prac_1", "request_id": "req_1"}


def answered(operate: Any, **fields: Any) -> dict[str, Any]:
    answer: dict[str, Any] = endpoint(operate)(an_http_event(**{"path": PATH, **fields}), CONTEXT)
    return answer


def every(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from every(sub)


def a_refusal(kind: type[Refusal]) -> Refusal:
    if kind is NotFound:
        return NotFound("request")
    if kind is errors.TooManyRequests:
        return errors.TooManyRequests(retry_after_seconds=1200)
    if kind is PossibleMatch:
        return PossibleMatch(matches=[])
    return Invalid.field("start", "is wrong") if kind is Invalid else kind()


STATUSES = {
    "request-not-found": 404,
    "forbidden": 403,
    "unauthenticated": 401,
    "malformed-request": 400,
    "idempotency-key-required": 400,
    "payload-too-large": 413,
    "unsupported-media-type": 415,
    "invalid-request": 422,
    "idempotency-key-reused": 422,
    "revision-required": 428,
    "revision-stale": 412,
    "already-decided": 409,
    "move-not-allowed": 409,
    "pms-cannot-create": 409,
    "possible-match": 409,
    "schedule-conflict": 409,
    "appointment-taken": 409,
    "appointment-cancelled": 409,
    "too-many-requests": 429,
    "unavailable": 503,
}


@pytest.mark.parametrize("kind", [kind for kind in every(Refusal) if kind is not errors.Conflict])
def test_every_refusal_is_a_problem_with_its_own_status(kind: type[Refusal]) -> None:
    refusal = a_refusal(kind)

    def refuse(_: Call) -> Answer[None]:
        raise refusal

    answer = answered(refuse)
    problem = json.loads(answer["body"])
    assert answer["statusCode"] == problem["status"] == STATUSES[problem["type"]]
    assert problem["title"]
    assert problem["detail"].endswith("."), "it says what to do next"
    assert answer["headers"]["Content-Type"] == "application/problem+json"


def test_every_refusal_has_a_status() -> None:
    assert {a_refusal(kind).slug for kind in every(Refusal) if kind is not errors.Conflict} == set(STATUSES)


def test_the_docstring_lists_every_refusal() -> None:
    docstring = inspect.getdoc(errors) or ""
    assert [slug for slug in STATUSES if slug.removeprefix("request") not in docstring] == []


@pytest.mark.parametrize(
    ("refusal", "name", "value"),
    [
        (errors.Unauthenticated(), "WWW-Authenticate", "StandardWebhooks"),
        (
            errors.Unauthenticated(scheme="Bearer"),
            "WWW-Authenticate",
            'Bearer realm="chairlink", error="invalid_token"',
        ),
        (errors.ContentCoded(), "Accept-Encoding", "identity"),
        (errors.TooManyRequests(retry_after_seconds=1200), "Retry-After", "1200"),
        (errors.Unavailable(), "Retry-After", "2"),
    ],
)
def test_a_refusal_has_the_header_that_tells_the_caller_how(refusal: Refusal, name: str, value: str) -> None:
    def refuse(_: Call) -> Answer[None]:
        raise refusal

    assert answered(refuse)["headers"][name] == value


def test_the_facts_of_a_refusal_are_in_the_answer() -> None:
    def refuse(_: Call) -> Answer[None]:
        raise RevisionStale("It has changed.", revision=7)

    assert json.loads(answered(refuse)["body"]) == {
        "type": "revision-stale",
        "title": RevisionStale.title,
        "status": 412,
        "detail": "It has changed.",
        "revision": 7,
    }


def test_a_crash_is_a_problem_without_details(monkeypatch: pytest.MonkeyPatch) -> None:
    logged = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", logged)

    def crash(_: Call) -> Answer[None]:
        raise KeyError("jane@example.com")

    answer = answered(crash)
    assert answer["statusCode"] == 500
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert json.loads(answer["body"]) == {
        "type": "internal-error",
        "title": "Something went wrong on our side",
        "status": 500,
        "detail": "Try again. If that fails too, report the X-Correlation-Id of this answer.",
    }
    assert "KeyError" in logged.getvalue()
    assert "jane@example.com" not in logged.getvalue(), "the text of an error may quote a patient"


def test_an_answer_has_its_status_and_headers_and_is_not_cached() -> None:
    event = an_http_event(path=PATH)
    handler = endpoint(lambda _: Answer({"id": "req_1"}, HTTPStatus.CREATED, etag(3)))
    answer = handler(event, CONTEXT)
    assert (answer["statusCode"], json.loads(answer["body"])) == (201, {"id": "req_1"})
    assert answer["headers"] == {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Correlation-Id": event["requestContext"]["requestId"],
        "ETag": '"3"',
    }


def test_later_calls_of_a_second_have_later_stamps() -> None:
    stamps: list[Stamp] = []

    def operate(call: Call) -> Answer[None]:
        stamps.append(call.stamp("patient"))
        return Answer(None)

    for _ in range(3):
        answered(operate)
        time.sleep(0.002)
    moments = [(stamp.at, stamp.milliseconds) for stamp in stamps]
    assert moments == sorted(set(moments))


def test_internal_fields_of_a_request_are_not_in_the_answer() -> None:
    answer = answered(lambda _: answer_with_request(a_request(manage_digest="d" * 64, outbox_id="mail_1")))
    body = json.loads(answer["body"])
    assert not {"manage_digest", "outbox_id"} & body.keys()
    assert body["requested"]["start"] == "2026-07-15T15:00:00-07:00"
    assert body["fit"] is None
