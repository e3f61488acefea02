"""The stream of history is classified into misfits, in any order and with repetitions."""

import importlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from bookings.domain.decisions.commands import Reopening
from bookings.domain.insights.misfit_cause import Cause
from bookings.storage.schema import Table
from bookings.use_cases.accept_request import accept_request
from bookings.use_cases.reject_request import reject_request
from bookings.use_cases.reopen_request import reopen_request
from deploy.repository_paths import ROOT
from tests.support.api_harness import Answer, ApiHarness
from tests.support.builders import NOW, a_command_context, a_rejection, an_acceptance, an_http_event
from tests.support.lambda_context import FakeLambdaContext
from tests.support.scenarios import HARBOUR, JANES, moved_every_week, pending, taken

Classify = Callable[[Sequence[dict[str, Any]]], dict[str, Any]]


@pytest.fixture
def classify(moto_api: ApiHarness) -> Iterator[Classify]:
    """Passes stream records to the function; returns the failed ones."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in moto_api.engine.environment.items():
            patch.setenv(name, value)
        app: Any = importlib.import_module("functions.classify_misfits.app")
        patch.setattr(app, "APP", moto_api.application)
        yield lambda records: app.handler({"Records": list(records)}, FakeLambdaContext())


def event(scenario: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((ROOT / f"events/classify_misfits/{scenario}.json").read_text())[
        "Records"
    ]
    return records


def stored_misfits(api: ApiHarness) -> list[tuple[int, Cause | None]]:
    found = api.application.misfits.misfits(HARBOUR.id, NOW.date(), NOW.date())
    return [(one.revision, one.cause) for one in found]


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("accepted_elsewhere", [(2, Cause.SLOT_TAKEN)]),
        ("rejected", [(2, Cause.SLOT_TAKEN)]),
        ("rejected_as_spam", []),
        ("reopened", [(3, None)]),
    ],
)
def test_a_sample_event_is_classified(
    moto_api: ApiHarness, classify: Classify, scenario: str, expected: list[Any]
) -> None:
    pending(moto_api)
    taken(moto_api)
    assert classify(event(scenario)) == {"batchItemFailures": []}
    assert stored_misfits(moto_api) == expected


def test_a_record_that_fails_is_returned_and_the_others_are_classified(
    moto_api: ApiHarness, classify: Classify
) -> None:
    pending(moto_api)
    (lost,), (good,) = event("of_an_unknown_request"), event("rejected")
    lost["dynamodb"]["SequenceNumber"] = "2"
    assert classify([lost, good]) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert stored_misfits(moto_api) == [(2, Cause.UNEXPLAINED)]


def stream_records(api: ApiHarness) -> list[dict[str, Any]]:
    """The records that DynamoDB streams would deliver, made from the table."""
    items = api.engine.client.scan(TableName=api.engine.tables[Table.HISTORY])["Items"]
    return [
        {
            "eventName": "INSERT",
            "eventSource": "aws:dynamodb",
            "dynamodb": {"NewImage": item, "SequenceNumber": str(number)},
        }
        for number, item in enumerate(items)
        if item["request_id"]["S"] == JANES.id
    ]


@pytest.mark.parametrize("seed", range(30))
def test_repeated_and_shuffled_records_end_in_the_same_state(
    moto_api: ApiHarness, classify: Classify, seed: int
) -> None:
    """Moved, reopened, rejected, and perhaps reopened again: the last decision counts."""
    practices, bookings = moto_api.application.practices, moto_api.application.bookings
    pending(moto_api)
    taken(moto_api)
    request = accept_request(practices, bookings, a_command_context(JANES), an_acceptance(start="2026-07-15T13:00"))
    request = reopen_request(practices, bookings, a_command_context(request), Reopening())
    request = reject_request(practices, bookings, a_command_context(request), a_rejection())
    last: tuple[int, Cause | None] = (request.revision, Cause.SLOT_TAKEN)
    if seed % 2:
        request = reopen_request(practices, bookings, a_command_context(request), Reopening())
        last = (request.revision, None)
    records = stream_records(moto_api)
    chance = random.Random(seed)
    delivered = chance.choices(records, k=4) + records
    chance.shuffle(delivered)

    assert classify(delivered) == {"batchItemFailures": []}

    assert stored_misfits(moto_api) == [last]


def test_a_handled_finding_is_listed_with_who_handled_it(moto_api: ApiHarness) -> None:
    moved_every_week(moto_api)
    (finding,) = _listed(moto_api)["items"]
    first = _handle(moto_api, finding["id"], "k1")
    listed = _listed(moto_api)
    assert listed["items"] == []
    assert listed["handled"] == [first]
    assert first["finding"] == finding
    assert _handle(moto_api, finding["id"], "k1") == first
    assert _handle(moto_api, finding["id"], "k2") == first
    _call(moto_api, finding["id"], "k1", {"to": "2026-07-01"}).assert_problem(422, "idempotency-key-reused")


def _listed(api: ApiHarness) -> dict[str, Any]:
    answer: dict[str, Any] = api.call("list_findings", HARBOUR.id).body
    return answer


def _call(api: ApiHarness, finding_id: str, key: str, days: dict[str, str] | None = None) -> Answer:
    path, groups = {"practice_id": HARBOUR.id, "finding_id": finding_id}, f"{HARBOUR.id}:front_desk"
    event = an_http_event(path=path, headers={"Idempotency-Key": key}, query=days, groups=groups)
    return api.invoke("mark_finding_handled", event)


def _handle(api: ApiHarness, finding_id: str, key: str) -> Any:
    answer = _call(api, finding_id, key)
    assert answer.status == 200, answer.text
    return answer.body
