"""Stories 5 and 7: many concurrent callers over HTTP, and exactly one winner."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import httpx
import pytest

from tests.e2e.actors import FrontDesk, appointment_event, eventually, next_15_july
from tests.e2e.stage import Stage
from tests.support.rounds import in_rounds

pytestmark = pytest.mark.e2e

rounds = in_rounds(5, 100)


@pytest.fixture(scope="module", autouse=True)
def warm(stage: Stage) -> None:
    """Start the functions before the races: on AWS they start in parallel, here all on two cores."""
    desk, patient = stage.front_desk(stage.harbour), stage.patient(stage.harbour)
    nobodys: list[Callable[[], httpx.Response]] = [
        *[lambda: desk.decide("accept", "req_0", {"notify": False})] * 20,
        *[lambda: patient.post_request("yesterday")] * 32,
    ]

    def are_all_answered() -> bool:
        return all(answer.status_code < 500 for answer in _at_once(*nobodys))

    eventually(are_all_answered, "starting the functions", timeout_seconds=300)


def _day(round_number: int) -> date:
    """A day for the round, in a week that no other test uses."""
    return next_15_july() + timedelta(days=28 + 7 * round_number)


def _at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def _steps(desk: FrontDesk, request_id: str) -> list[str]:
    """The actions in the request's history."""
    return [entry["action"] for entry in desk.get(f"/requests/{request_id}/history").json()["items"]]


@rounds
def test_of_twenty_concurrent_acceptances_one_succeeds(stage: Stage, round_number: int) -> None:
    desk = stage.front_desk(stage.harbour)
    asked = stage.patient(stage.harbour).submit(f"{_day(round_number)}T15:00:00")

    answers = _at_once(*[lambda: desk.decide("accept", asked["id"], {"notify": False})] * 20)

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1, [answer.text for answer in answers if answer.status_code >= 500] or statuses
    assert statuses[409] + statuses[412] == 19
    assert _steps(desk, asked["id"]) == ["submit", "accept"]


@rounds
@pytest.mark.parametrize("resource", ["chair", "practitioner"])
def test_of_two_requests_for_one_chair_or_practitioner_one_succeeds(
    stage: Stage, resource: str, round_number: int
) -> None:
    practice = stage.harbour
    desk = stage.front_desk(practice)
    start = f"{_day(round_number)}T{'10' if resource == 'chair' else '14'}:00:00"
    seat = {f"{resource}_id": practice[f"{resource}s"][0]["id"]}
    both = [stage.patient(practice).submit(start, **seat) for _ in range(2)]

    answers = _at_once(*(lambda asked=asked: desk.decide("accept", asked["id"], {"notify": False}) for asked in both))

    succeeded, failed = sorted(answers, key=lambda answer: answer.status_code)
    assert (succeeded.status_code, failed.status_code) == (200, 409), failed.text
    assert failed.json()["type"] == "schedule-conflict"
    assert {conflict["appointment_id"] for conflict in failed.json()["conflicts"]} == {
        succeeded.json()["appointment_id"]
    }
    assert failed.json()["openings"]


@rounds
def test_of_three_requests_linked_to_one_appointment_one_succeeds(stage: Stage, round_number: int) -> None:
    practice, day = stage.harbour, _day(round_number)
    desk, known = stage.front_desk(practice), stage.patient(practice)
    stage.agent(practice).send_events(appointment_event(known, f"{day}T08:00:00"))
    asked = [stage.patient(practice).submit(f"{day}T08:00:00") for _ in range(3)]
    link = {"appointment_id": f"A-{known.name}", "notify": False}

    answers = _at_once(*(lambda one=one: desk.decide("link", one["id"], link) for one in asked))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"appointment-taken"}
    assert Counter(desk.request(one["id"])["status"] for one in asked) == {"accepted": 1, "pending": 2}


@rounds
def test_a_request_is_accepted_or_withdrawn_and_never_both(stage: Stage, round_number: int) -> None:
    desk = stage.front_desk(stage.harbour)
    asked = stage.patient(stage.harbour).submit(f"{_day(round_number)}T11:00:00")

    answers = _at_once(
        lambda: desk.decide("accept", asked["id"], {"notify": False}),
        lambda: stage.door.post(f"/v1/public/requests/{asked['manage_token']}/withdraw"),
    )

    assert sorted(answer.status_code for answer in answers) in ([200, 409], [200, 412])
    (succeeded,) = (answer for answer in answers if answer.status_code == 200)
    stands = desk.request(asked["id"])
    assert stands["status"] == succeeded.json()["status"]
    assert _steps(desk, asked["id"]) in (["submit", "accept"], ["submit", "withdraw"])


@rounds
def test_thirty_two_submissions_with_one_key_create_one_request(stage: Stage, round_number: int) -> None:
    patient, key, source = stage.patient(stage.harbour), uuid4().hex, f"test-{uuid4().hex[:8]}"
    start = f"{_day(round_number)}T09:00:00"

    answers = _at_once(*[lambda: patient.post_request(start, key, source)] * 32)

    assert Counter(answer.status_code for answer in answers) == {201: 32}, {answer.text for answer in answers}
    assert len({answer.text for answer in answers}) == 1
    assert len(stage.front_desk(stage.harbour).requests(source=source, order="received", limit=100)) == 1
    assert patient.post_request(start, key, "elsewhere").status_code == 422
