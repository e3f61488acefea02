"""Submitting a request."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet, StaleSnapshot
from bookings.domain.decisions.commands import Submission
from bookings.domain.kernel.errors import (
    IdempotencyKeyReused,
    Invalid,
    NotFound,
    TooManyRequests,
    Unavailable,
)
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.requests.other_requests import duplicated_request, other_requests
from bookings.domain.requests.request import Request, Status
from bookings.use_cases.own_request import read_own_request
from bookings.use_cases.submit_request import SubmittedRequest, submit_request
from tests.support.builders import (
    A_LARGE_LIMIT,
    NOW,
    a_practice,
    a_slot,
    a_stamp,
    a_submission,
    an_idempotency_key,
)
from tests.support.faults import Killed
from tests.support.practice_harness import PracticeHarness


def submit(
    harness: PracticeHarness,
    submission: Submission | None = None,
    idempotency_key: IdempotencyKey | None = None,
    *,
    at: datetime = NOW,
    milliseconds: int = 0,
    hourly_limit: int = A_LARGE_LIMIT,
) -> SubmittedRequest:
    return submit_request(
        harness.practices,
        harness.bookings,
        harness.practice.id,
        submission or a_submission(),
        idempotency_key or an_idempotency_key(),
        replace(a_stamp("patient", at), milliseconds=milliseconds),
        hourly_limit=hourly_limit,
    )


def show(harness: PracticeHarness, token: str) -> Request:
    return read_own_request(harness.practices, harness.bookings, token, NOW)[1]


def wrong_field(harness: PracticeHarness, **fields: Any) -> str:
    with pytest.raises(Invalid) as refused:
        submit(harness, a_submission(**fields))
    (error,) = refused.value.facts["errors"]
    assert harness.tally() == {}, "nothing is stored"
    return str(error["field"])


def test_a_patient_requests_a_time() -> None:
    harness = PracticeHarness()
    submitted = submit(harness, a_submission(note="I am afraid of needles", source="google"))
    request = show(harness, submitted.manage_token)
    assert (submitted.id, submitted.status) == (request.id, "pending")
    assert request.requested == a_slot(practitioner_id="prov_a", service_id="svc_checkup")
    assert (request.note, request.source, request.received_at) == ("I am afraid of needles", "google", NOW)
    assert request.patient.phone == "+16045550123"
    assert harness.actions(request) == ["submit"]
    assert harness.tally() == {"received": 1, "status_pending": 1}


def test_of_a_form_that_is_sent_twice_within_a_second_the_second_request_is_the_duplicate() -> None:
    harness = PracticeHarness()
    sent = [show(harness, submit(harness, milliseconds=at).manage_token) for at in range(100, 900, 100)]
    duplicated = [duplicated_request(request, other_requests(request, sent, NOW)) for request in sent]
    assert duplicated == [None, *[sent[0].id] * 7]


def test_a_patient_may_forbid_emails() -> None:
    harness = PracticeHarness()
    assert show(harness, submit(harness, a_submission(may_email=False)).manage_token).may_email is False
    assert show(harness, submit(harness, a_submission()).manage_token).may_email is True


def test_a_time_with_an_offset_is_converted_to_the_practices_zone() -> None:
    harness = PracticeHarness()
    submitted = submit(harness, a_submission(requested={"start": "2026-07-15T22:00:00Z", "duration_minutes": 30}))
    assert show(harness, submitted.manage_token).requested == a_slot(minutes=30)


def test_the_duration_defaults_to_that_of_the_service() -> None:
    harness = PracticeHarness()
    start = "2026-07-15T15:00:00"
    short = submit(harness, a_submission(requested={"start": start, "service_id": "svc_cleaning"}))
    long = submit(
        harness, a_submission(requested={"start": start, "service_id": "svc_cleaning", "duration_minutes": 90})
    )
    assert show(harness, short.manage_token).requested.duration_minutes == 30
    assert show(harness, long.manage_token).requested.duration_minutes == 90


def test_without_a_service_the_duration_is_required() -> None:
    assert wrong_field(PracticeHarness(), requested={"start": "2026-07-15T15:00:00"}) == "requested.duration_minutes"


@pytest.mark.parametrize("start", ["2026-07-01T10:00:00", "2026-07-01T17:00:00Z", "2020-01-01T00:00:00"])
def test_a_start_in_the_past_is_refused(start: str) -> None:
    assert wrong_field(PracticeHarness(), requested={"start": start, "duration_minutes": 30}) == "requested.start"


@pytest.mark.parametrize("start", ["2028-01-01T10:00:01", "2028-02-01T09:00:00", "2072-03-09T10:00:00"])
def test_a_start_after_more_than_18_months_is_refused(start: str) -> None:
    assert wrong_field(PracticeHarness(), requested={"start": start, "duration_minutes": 30}) == "requested.start"


def test_a_start_in_18_months_is_accepted() -> None:
    harness = PracticeHarness()
    submitted = submit(harness, a_submission(requested={"start": "2028-01-01T10:00:00", "duration_minutes": 30}))
    assert show(harness, submitted.manage_token).requested.start.year == 2028


@pytest.mark.parametrize("start", ["2027-03-14T02:30:00", "2026-11-01T01:30:00"])
def test_a_skipped_or_ambiguous_time_is_refused(start: str) -> None:
    harness = PracticeHarness(a_practice(timezone="America/Toronto"))
    assert wrong_field(harness, requested={"start": start, "duration_minutes": 30}) == "requested.start"


@pytest.mark.parametrize("name", ["practitioner_id", "chair_id", "service_id"])
def test_an_unknown_or_inactive_id_is_refused(name: str) -> None:
    requested = {"start": "2026-07-15T15:00:00", "duration_minutes": 30, name: "none_such"}
    assert wrong_field(PracticeHarness(), requested=requested) == f"requested.{name}"


def test_an_invalid_phone_number_is_refused_without_repeating_it() -> None:
    harness = PracticeHarness()
    who = {"first_name": "Jane", "last_name": "Doe", "phone": "555-0123"}
    with pytest.raises(Invalid) as refused:
        submit(harness, a_submission(patient=who))
    (error,) = refused.value.facts["errors"]
    assert error["field"] == "patient.phone"
    assert "0123" not in error["message"]


def test_an_extension_is_kept_beside_the_number() -> None:
    harness = PracticeHarness()
    who = {"first_name": "Jane", "last_name": "Doe", "phone": "604-555-0123 ext. 4567"}
    patient = show(harness, submit(harness, a_submission(patient=who)).manage_token).patient
    assert (patient.phone, patient.phone_extension) == ("+16045550123", "4567")


@pytest.mark.parametrize("born", ["2026-07-02", "2090-04-02"])
def test_a_birth_date_in_the_future_is_refused(born: str) -> None:
    who = {"first_name": "Jane", "last_name": "Doe", "phone": "604-555-0123", "date_of_birth": born}
    assert wrong_field(PracticeHarness(), patient=who) == "patient.date_of_birth"


def test_today_is_the_practices_own_day() -> None:
    who = {"first_name": "Jane", "last_name": "Doe", "phone": "604-555-0123", "date_of_birth": "2026-07-02"}
    auckland = PracticeHarness(a_practice(timezone="Pacific/Auckland"))
    assert show(auckland, submit(auckland, a_submission(patient=who)).manage_token).patient.date_of_birth


def test_an_unknown_practice_is_not_found() -> None:
    harness = PracticeHarness()
    with pytest.raises(NotFound):
        submit_request(
            harness.practices,
            harness.bookings,
            "prac_x",
            a_submission(),
            an_idempotency_key(),
            a_stamp("patient"),
            hourly_limit=A_LARGE_LIMIT,
        )


def test_a_double_tap_submits_once() -> None:
    harness = PracticeHarness()
    first = submit(harness, idempotency_key=an_idempotency_key("k"))
    assert submit(harness, idempotency_key=an_idempotency_key("k")) == first
    assert harness.tally() == {"received": 1, "status_pending": 1}


def test_the_same_key_for_another_request_is_refused() -> None:
    harness = PracticeHarness()
    submit(harness, idempotency_key=an_idempotency_key("k", b"one"))
    with pytest.raises(IdempotencyKeyReused):
        submit(harness, idempotency_key=an_idempotency_key("k", b"other"))


def test_a_submission_killed_after_its_commit_gets_its_answer_when_repeated() -> None:
    harness = PracticeHarness()
    harness.bookings.is_killed_after_commit = True
    with pytest.raises(Killed):
        submit(harness, idempotency_key=an_idempotency_key("k"))
    harness.bookings.is_killed_after_commit = False
    again = submit(harness, idempotency_key=an_idempotency_key("k"))
    assert show(harness, again.manage_token).status is Status.PENDING
    assert harness.tally() == {"received": 1, "status_pending": 1}


def test_an_id_that_is_in_use_is_unavailable() -> None:
    harness = PracticeHarness()

    def refuse(change: ChangeSet) -> None:
        raise StaleSnapshot

    harness.bookings.commit = refuse  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        submit(harness)


# ---------------------------------------------------------------- spam


@pytest.mark.parametrize(("homepage", "is_suspected"), [("https://buy.example", True), ("", False), (" ", False)])
def test_a_request_with_the_hidden_field_filled_in_is_kept_and_marked(homepage: str, is_suspected: bool) -> None:
    harness = PracticeHarness()
    submitted = submit(harness, a_submission(homepage=homepage))
    request = show(harness, submitted.manage_token)
    assert (submitted.status, request.status, request.suspected_spam) == ("pending", "pending", is_suspected)
    assert harness.tally() == {"received": 1, "status_pending": 1}


def test_without_the_hidden_field_nothing_is_suspected() -> None:
    harness = PracticeHarness()
    assert show(harness, submit(harness).manage_token).suspected_spam is False


# ---------------------------------------------------------------- the limit of an hour


@pytest.mark.parametrize(("minutes", "seconds"), [(0, 3600), (20, 2400), (59, 60)])
def test_above_the_limit_a_request_is_refused_until_the_hour_ends(minutes: int, seconds: int) -> None:
    harness, at = PracticeHarness(), NOW + timedelta(minutes=minutes)
    submit(harness, at=at, hourly_limit=2)
    submit(harness, at=at, hourly_limit=2)
    with pytest.raises(TooManyRequests) as refused:
        submit(harness, at=at, hourly_limit=2)
    assert refused.value.retry_after_seconds == seconds
    assert harness.tally() == {"received": 2, "status_pending": 2}


def test_the_next_hour_begins_at_zero() -> None:
    harness = PracticeHarness()
    submit(harness, at=NOW + timedelta(minutes=59), hourly_limit=1)
    assert submit(harness, at=NOW + timedelta(minutes=60), hourly_limit=1).status is Status.PENDING


def test_a_repeated_call_does_not_count_and_gets_its_first_answer_above_the_limit() -> None:
    harness, first_key = PracticeHarness(), an_idempotency_key()
    first = submit(harness, idempotency_key=first_key, hourly_limit=2)
    assert submit(harness, idempotency_key=first_key, hourly_limit=2) == first
    submit(harness, hourly_limit=2)
    assert submit(harness, idempotency_key=first_key, hourly_limit=2) == first


def test_what_is_refused_for_its_fields_does_not_count() -> None:
    harness = PracticeHarness()
    with pytest.raises(Invalid):
        submit(harness, a_submission(requested={"start": "2020-01-01T10:00:00", "duration_minutes": 30}))
    assert submit(harness, hourly_limit=1).status is Status.PENDING
