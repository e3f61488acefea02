"""Which requests are another one of the same patient, and which of them is a duplicate."""

from datetime import date, timedelta
from typing import Any

import pytest

from bookings.domain.requests.other_requests import (
    MAX_OTHER_REQUESTS,
    RECENT,
    duplicated_request,
    is_same_patient,
    other_requests,
)
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request, Status
from tests.support.builders import NOW, a_patient, a_request, a_slot, a_stranger

WISH = a_slot("2026-07-15T15:00", service_id="svc_checkup")


def others_of(request: Request, *known: Request) -> list[str]:
    return [other.id for other in other_requests(request, known, NOW)]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"email": "JANE@example.com"},
        {"email": "other@example.com"},
        {"email": None},
        {"phone": "+16045550142"},
        {"email": None, "phone": None},
        {"date_of_birth": None},
        {"first_name": "Doe", "last_name": "JANE"},
        {"first_name": "Jané"},
        {"email": "other@example.com", "phone": "+16045550142"},
    ],
)
def test_a_patient_is_the_same_by_name_and_one_more_detail(fields: dict[str, Any]) -> None:
    assert is_same_patient(a_patient(), a_patient(**fields))
    assert is_same_patient(a_patient(**fields), a_patient())


@pytest.mark.parametrize(
    "other",
    [
        a_stranger(),
        a_patient(first_name="Ann"),
        a_patient(date_of_birth=date(1991, 4, 2)),
        a_patient(email="other@example.com", phone="+16045550142", date_of_birth=None),
        Patient(email="jane@example.com", phone="+16045550123"),
    ],
)
def test_relatives_and_namesakes_are_other_people(other: Patient) -> None:
    assert not is_same_patient(a_patient(), other)


def test_others_are_open_ahead_or_recent_and_the_newest_comes_first() -> None:
    long_ago = NOW - RECENT
    request = a_request()
    pending = a_request(received_at=long_ago - timedelta(days=30))
    rejected = a_request(received_at=NOW - timedelta(days=3), status=Status.REJECTED)
    ahead = a_request(received_at=long_ago, status=Status.ACCEPTED, accepted=a_slot("2026-07-20T09:00"))
    past = a_request(received_at=long_ago, status=Status.ACCEPTED, accepted=a_slot("2026-06-20T09:00"))
    strangers = a_request(patient=a_stranger())
    found = other_requests(request, (pending, rejected, ahead, past, strangers, request), NOW)
    assert [(other.id, other.status) for other in found] == [
        (rejected.id, Status.REJECTED),
        (ahead.id, Status.ACCEPTED),
        (pending.id, Status.PENDING),
    ]
    assert found[1].start == a_slot("2026-07-20T09:00").start, "the booked start"


def test_ten_others_are_shown_at_most() -> None:
    requests = [a_request() for _ in range(MAX_OTHER_REQUESTS + 2)]
    assert others_of(requests[0], *requests) == [one.id for one in reversed(requests[2:])]


def test_the_second_pending_request_for_one_time_and_service_is_a_duplicate_of_the_first() -> None:
    first, second, third = (a_request(requested=WISH) for _ in range(3))
    of = {
        one.id: duplicated_request(one, other_requests(one, (first, second, third), NOW))
        for one in (first, second, third)
    }
    assert of == {first.id: None, second.id: first.id, third.id: first.id}


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.ACCEPTED, "accepted": WISH},
        {"status": Status.REJECTED},
        {"status": Status.CANCELLED},
        {"requested": a_slot("2026-07-15T16:00", service_id="svc_checkup")},
        {"requested": a_slot("2026-07-15T15:00", service_id="svc_cleaning")},
        {"patient": a_patient(first_name="Ann")},
    ],
)
def test_only_a_pending_request_of_the_same_patient_time_and_service_is_duplicated(fields: dict[str, Any]) -> None:
    first, second = a_request(**{"requested": WISH, **fields}), a_request(requested=WISH)
    assert duplicated_request(second, other_requests(second, (first,), NOW)) is None


def test_the_practitioner_and_chair_make_no_other_wish() -> None:
    first = a_request(requested=WISH.model_copy(update={"practitioner_id": "prov_a"}))
    second = a_request(requested=WISH)
    assert duplicated_request(second, other_requests(second, (first,), NOW)) == first.id
