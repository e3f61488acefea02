"""Stories 5 and 7: many people at once, and exactly one winner."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from tests.e2e.actors import next_15_july
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

ROUNDS = 5


def _at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_twenty_people_accepting_one_request_exactly_one_wins(stage: Stage, round_: int) -> None:
    desk = stage.front_desk(stage.harbour)
    day = next_15_july() + timedelta(days=28 + 7 * round_)
    asked = stage.patient(stage.harbour).has_asked(f"{day}T15:00:00")

    answers = _at_once(*[lambda: desk.decides("accept", asked["id"], {"notify": False})] * 20)

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1, [answer.text for answer in answers if answer.status_code >= 500] or statuses
    assert statuses[409] + statuses[412] == 19
    assert len(desk.get(f"/requests/{asked['id']}/history").json()["items"]) == 2


@pytest.mark.parametrize("round_", range(ROUNDS))
@pytest.mark.parametrize("resource", ["chair", "practitioner"])
def test_of_two_requests_for_one_chair_or_practitioner_one_gets_it(stage: Stage, resource: str, round_: int) -> None:
    practice = stage.harbour
    desk = stage.front_desk(practice)
    start = f"{next_15_july() + timedelta(days=70 + 7 * round_)}T{'10' if resource == 'chair' else '14'}:00:00"
    seat = {f"{resource}_id": practice[f"{resource}s"][0]["id"]}
    both = [stage.patient(practice).has_asked(start, **seat) for _ in range(2)]

    answers = _at_once(*(lambda asked=asked: desk.decides("accept", asked["id"], {"notify": False}) for asked in both))

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 409), lost.text
    assert lost.json()["type"] == "schedule-conflict"
    assert {conflict["appointment_id"] for conflict in lost.json()["conflicts"]} == {won.json()["appointment_id"]}
    assert lost.json()["openings"]


def test_the_same_idempotency_key_thirty_two_times_at_once_makes_one_request(stage: Stage) -> None:
    patient, key, source = stage.patient(stage.harbour), uuid4().hex, f"story-{uuid4().hex[:8]}"
    start = f"{next_15_july()}T09:00:00"

    answers = _at_once(*[lambda: patient.asks(start, key, source)] * 32)

    assert Counter(answer.status_code for answer in answers) == {201: 32}, {answer.text for answer in answers}
    assert len({answer.text for answer in answers}) == 1
    listed = stage.front_desk(stage.harbour).get("/requests", source=source, order="received").json()
    assert len(listed["items"]) == 1
    assert patient.asks(start, key, "elsewhere").status_code == 422
