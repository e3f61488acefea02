"""Whatever the contract allows can be stored: keys, items and transactions stay within DynamoDB's limits.

moto refuses keys that are too long, MiniStack transactions and updates that are too large; DynamoDB all of them.
"""

from typing import Any

import pytest

from bookings.domain.practice.practice import Practice
from bookings.use_cases.due_batches import MAX_SWEEP_BATCH
from bookings.use_cases.sweep_requests import flag_overdue_requests
from tests.support.api_harness import Answer, ApiHarness
from tests.support.builders import NOW, a_patient, a_practice, a_request, a_stamp, an_event
from tests.support.seeding import submit_requests

LONG_IDS = ["#" * 128, "💥" * 128, "%" * 128]
LONG_NAME = "é" * 100


@pytest.fixture
def practice(api: ApiHarness) -> Practice:
    return api.add_practice(a_practice())


def sent(api: ApiHarness, practice: Practice, *events: dict[str, Any]) -> Answer:
    answer = api.send_events(practice, *events)
    assert answer.status == 200, answer.text
    assert answer.part("rejected") == [], answer.text
    return answer


def a_resource(kind: str, **data: object) -> dict[str, Any]:
    return {"type": f"{kind}.upserted", "version": 1, "data": {"name": LONG_NAME, **data}}


@pytest.mark.parametrize("long_id", LONG_IDS, ids=lambda long_id: long_id[0])
def test_a_request_for_the_longest_ids_is_submitted_accepted_and_reopened(
    api: ApiHarness, practice: Practice, long_id: str
) -> None:
    sent(
        api,
        practice,
        a_resource("practitioner", id=long_id),
        a_resource("chair", id=long_id),
        a_resource("service", id=long_id, duration_minutes=30),
    )
    wish = {"practitioner_id": long_id, "chair_id": long_id, "service_id": long_id, "start": "2026-07-15T15:00:00"}
    patient = {"first_name": LONG_NAME, "last_name": LONG_NAME, "email": f"{'a' * 60}@{'b' * 60}.example"}
    body = {"patient": patient, "requested": wish, "note": "💥" * 500}
    answer = api.call("submit_request", practice.id, body, key="k" * 255)
    assert answer.status == 201, answer.text
    request_id = answer.part("id")
    for revision, function, content in (
        (1, "accept_request", {"notify": True, "override": {"reason": "💥" * 1000}}),
        (2, "reopen_request", {}),
        (3, "reject_request", {"reason": "other", "note": "💥" * 1000, "notify": True}),
    ):
        answer = api.call(function, practice.id, content, request_id=request_id, revision=revision, key=f"k{revision}")
        assert answer.status == 200, answer.text


@pytest.mark.parametrize("long_id", LONG_IDS, ids=lambda long_id: long_id[0])
def test_an_appointment_of_the_longest_id_is_kept_moved_and_linked(
    api: ApiHarness, practice: Practice, long_id: str
) -> None:
    patient = a_patient(first_name=LONG_NAME, last_name=LONG_NAME, email=f"{'a' * 60}@{'b' * 60}.example")
    person = patient.model_dump(mode="json")
    request = a_request(practice_id=practice.id, patient=patient)
    submit_requests(api.application.bookings, request)
    sent(api, practice, an_event(id=long_id, patient=person))
    sent(api, practice, an_event(id=long_id, version=2, patient=person, start="2026-07-16T11:00:00"))
    body = {"appointment_id": long_id, "notify": True}
    answer = api.call("link_request", practice.id, body, request_id=request.id, revision=1)
    assert answer.status == 200, answer.text
    sent(api, practice, {"type": "appointment.deleted", "version": 3, "data": {"id": long_id}})


def test_the_largest_visit_is_moved_in_one_transaction(api: ApiHarness, practice: Practice) -> None:
    """One chair, eleven practitioners, each past midnight: 24 day sheets are left, and 24 are entered."""

    def visit(version: int, first_day: int) -> dict[str, Any]:
        also = [
            {"practitioner_id": f"prov_{number}", "start": f"2026-07-{first_day + 1}T20:00:00", "duration_minutes": 720}
            for number in range(10)
        ]
        start = f"2026-07-{first_day}T20:00:00"
        return an_event(
            id="V1", version=version, start=start, duration_minutes=720, chair_id="chr_a",
            practitioner_id="prov_a", also=also,
        )  # fmt: skip

    sent(api, practice, visit(1, 10))
    sent(api, practice, visit(2, 20))
    assert sent(api, practice, visit(1, 10)).part("ignored") == 1


def test_the_longest_hours_are_kept_beside_what_contradicts_them(api: ApiHarness, practice: Practice) -> None:
    def hours(minute: int) -> dict[str, Any]:
        weekly = [{"weekday": 1 + number % 7, "start": "08:00", "end": f"17:{minute}"} for number in range(200)]
        closures = [
            {"start": f"2026-{1 + number % 12:02}-01T00:00:00", "end": f"2026-{1 + number % 12:02}-02T00:{minute}:00"}
            for number in range(500)
        ]
        data = {"id": practice.id, "of": "practice", "weekly": weekly, "closures": closures}
        return {"type": "hours.replaced", "version": 2, "data": data}

    assert sent(api, practice, hours(10)).part("accepted") == 1
    assert len(sent(api, practice, hours(20)).part("contradictions")) == 1
    assert api.call("read_practice", practice.id).status == 200


def test_a_batch_of_errors_is_answered_and_answered_again(api: ApiHarness, practice: Practice) -> None:
    weekly = [{"x" * 100: 1}] * 20
    events = [{"type": "hours.replaced", "version": 1, "data": {"id": "p", "weekly": weekly}} for _ in range(100)]
    answers = [api.send_events(practice, *events) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200], answers[0].text[:300]
    assert len(answers[0].part("rejected")) == 100
    assert answers[0].text == answers[1].text


@pytest.mark.parametrize("dynamodb_engine", ["ministack"], indirect=True)
def test_more_requests_than_a_transaction_has_items_become_overdue_at_once(api: ApiHarness) -> None:
    practice = api.add_practice(a_practice(decision_target_minutes=60, front_desk_recipients=("desk@harbour.example",)))
    requests = [a_request(practice_id=practice.id, answer_by=NOW) for _ in range(MAX_SWEEP_BATCH + 1)]
    application = api.application
    submit_requests(application.bookings, *requests)
    swept = flag_overdue_requests(
        application.practices, application.bookings, application.due_requests, a_stamp("clock"), lambda: True
    )
    assert (len(swept.done), swept.failed) == (len(requests), ())
