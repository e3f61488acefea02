"""From a decision over the stream of history to a finding, and that no replay, order or undoing tells it otherwise."""

import importlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from bookings.domain.insights.misfit_cause import Cause
from bookings.storage.schema import Table
from bookings.use_cases.accept_request import accept_request
from bookings.use_cases.reject_request import reject_request
from bookings.use_cases.reopen_request import reopen_request
from tests.builders import NOW, a_command_context, a_rejection, an_acceptance, an_http_event
from tests.integration.house import Answer, House
from tests.integration.scenes import HARBOUR, JANES, moved_every_week, pending, taken
from tests.template.system import ROOT

Tell = Callable[[Sequence[dict[str, Any]]], dict[str, Any]]


@pytest.fixture
def tell(quick_house: House) -> Iterator[Tell]:
    """Hands records of the stream to the function; which of them failed."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in quick_house.engine.environment.items():
            patch.setenv(name, value)
        app: Any = importlib.import_module("functions.classify_misfits.app")
        patch.setattr(app, "APP", quick_house.application)

        class Context:
            aws_request_id = "run-1"

        yield lambda records: app.handler({"Records": list(records)}, Context())


def event(scenario: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((ROOT / f"events/classify_misfits/{scenario}.json").read_text())[
        "Records"
    ]
    return records


def noted(house: House) -> list[tuple[int, Cause | None]]:
    found = house.application.findings.misfits(HARBOUR.id, NOW.date(), NOW.date())
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
def test_an_event_is_classed(quick_house: House, tell: Tell, scenario: str, expected: list[Any]) -> None:
    pending(quick_house)
    taken(quick_house)
    assert tell(event(scenario)) == {"batchItemFailures": []}
    assert noted(quick_house) == expected


def test_a_record_that_cannot_be_classed_comes_again_and_the_others_are_done(quick_house: House, tell: Tell) -> None:
    pending(quick_house)
    (lost,), (good,) = event("of_an_unknown_request"), event("rejected")
    lost["dynamodb"]["SequenceNumber"] = "2"
    assert tell([lost, good]) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert noted(quick_house) == [(2, Cause.UNEXPLAINED)]


def streamed(house: House) -> list[dict[str, Any]]:
    """The stream of history as DynamoDB would tell it, read back from the table."""
    items = house.engine.client().scan(TableName=house.engine.tables[Table.HISTORY])["Items"]
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
def test_replays_shuffles_and_undoing_end_in_the_same_state(quick_house: House, tell: Tell, seed: int) -> None:
    """Moved, reopened, rejected, and reopened again or not: the last decision is what counts."""
    practices, bookings = quick_house.application.practices, quick_house.application.bookings
    pending(quick_house)
    taken(quick_house)
    request = accept_request(practices, bookings, a_command_context(JANES), an_acceptance(start="2026-07-15T13:00"))
    request = reopen_request(practices, bookings, a_command_context(request))
    request = reject_request(practices, bookings, a_command_context(request), a_rejection())
    last: tuple[int, Cause | None] = (request.revision, Cause.SLOT_TAKEN)
    if seed % 2:
        request = reopen_request(practices, bookings, a_command_context(request))
        last = (request.revision, None)
    records = streamed(quick_house)
    chance = random.Random(seed)
    told = chance.choices(records, k=4) + records
    chance.shuffle(told)

    assert tell(told) == {"batchItemFailures": []}

    assert noted(quick_house) == [last]


def test_a_finding_that_was_seen_to_is_silent_and_says_who_saw_to_it(quick_house: House) -> None:
    moved_every_week(quick_house)
    (finding,) = _listed(quick_house)["items"]
    first = _handle(quick_house, finding["id"], "k1")
    listed = _listed(quick_house)
    assert listed["items"] == []
    assert listed["handled"] == [first]
    assert first["finding"] == finding
    assert _handle(quick_house, finding["id"], "k1") == first
    assert _handle(quick_house, finding["id"], "k2") == first
    _call(quick_house, finding["id"], "k1", {"to": "2026-07-01"}).is_problem(422, "idempotency-key-reused")


def _listed(house: House) -> dict[str, Any]:
    answer: dict[str, Any] = house.call("list_findings", HARBOUR.id).body
    return answer


def _call(house: House, finding_id: str, key: str, days: dict[str, str] | None = None) -> Answer:
    path, groups = {"practice_id": HARBOUR.id, "finding_id": finding_id}, f"{HARBOUR.id}:front_desk"
    event = an_http_event(path=path, headers={"Idempotency-Key": key}, query=days, groups=groups)
    return house.answers("mark_finding_handled", event)


def _handle(house: House, finding_id: str, key: str) -> Any:
    answer = _call(house, finding_id, key)
    assert answer.status == 200, answer.text
    return answer.body
