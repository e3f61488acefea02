"""Submitting a request, reading and withdrawing it, and public openings."""

import json
from datetime import date
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet, StaleSnapshot
from bookings.domain.decisions.commands import Submission
from bookings.domain.kernel.errors import (
    AlreadyDecided,
    IdempotencyKeyReused,
    Invalid,
    MoveNotAllowed,
    NotFound,
    Unavailable,
)
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.requests.manage_token import ManageToken
from bookings.domain.requests.request import Request, Status
from bookings.entrypoints.response_bodies import render
from bookings.use_cases.list_public_openings import list_public_openings
from bookings.use_cases.own_request import read_own_request, withdraw_request
from bookings.use_cases.submit_request import SubmittedRequest, submit_request
from tests.support.builders import (
    NOW,
    a_chair,
    a_practice,
    a_practitioner,
    a_service,
    a_slot,
    a_stamp,
    a_stranger,
    a_submission,
    an_idempotency_key,
    hours,
    open_hours,
)
from tests.support.faults import Killed
from tests.support.practice_harness import PracticeHarness


def submit(
    harness: PracticeHarness, submission: Submission | None = None, idempotency_key: IdempotencyKey | None = None
) -> SubmittedRequest:
    return submit_request(
        harness.practices,
        harness.bookings,
        harness.practice.id,
        submission or a_submission(),
        idempotency_key or an_idempotency_key(),
        a_stamp("patient"),
    )


def show(harness: PracticeHarness, token: str) -> Request:
    return read_own_request(harness.practices, harness.bookings, token)[1]


def withdraw(harness: PracticeHarness, token: str, idempotency_key: IdempotencyKey | None = None) -> Request:
    return withdraw_request(harness.practices, harness.bookings, token, idempotency_key, a_stamp("patient"))[1]


def wrong_field(harness: PracticeHarness, **fields: Any) -> str:
    with pytest.raises(Invalid) as refused:
        submit(harness, a_submission(**fields))
    (error,) = refused.value.facts["errors"]
    assert harness.tally() == {}, "nothing is stored"
    return str(error["field"])


# ---------------------------------------------------------------- submit


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


def test_an_unknown_practice_is_not_found() -> None:
    harness = PracticeHarness()
    with pytest.raises(NotFound):
        submit_request(
            harness.practices, harness.bookings, "prac_x", a_submission(), an_idempotency_key(), a_stamp("patient")
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


# ---------------------------------------------------------------- the manage token


def test_the_manage_token_is_not_stored() -> None:
    harness = PracticeHarness()
    submitted = submit(harness)
    secret = submitted.manage_token.rpartition(".")[2]
    assert secret not in show(harness, submitted.manage_token).model_dump_json()


def test_every_manage_token_is_unique() -> None:
    harness = PracticeHarness()
    assert len({submit(harness).manage_token for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token.rpartition(".")[0] + ".guess",
        lambda token: token + ".x",
        lambda token: "x." + token.partition(".")[2],
        lambda _: "",
        lambda _: "..",
        lambda _: "rubbish",
    ],
)
def test_an_invalid_manage_token_finds_and_withdraws_nothing(spoil: Any) -> None:
    harness = PracticeHarness()
    submitted = submit(harness)
    wrong = spoil(submitted.manage_token)
    with pytest.raises(NotFound):
        show(harness, wrong)
    with pytest.raises(NotFound):
        withdraw(harness, wrong)
    assert show(harness, submitted.manage_token).status is Status.PENDING


def test_a_manage_token_opens_only_its_own_request() -> None:
    harness = PracticeHarness()
    mine, theirs = (ManageToken.parse(submit(harness).manage_token) for _ in range(2))
    forged = ManageToken(theirs.practice_id, theirs.request_id, mine.secret)
    with pytest.raises(NotFound):
        show(harness, str(forged))


# ---------------------------------------------------------------- withdraw


def test_a_patient_withdraws_the_request() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    after = withdraw(harness, token)
    assert after.status is Status.CANCELLED
    assert harness.actions(after) == ["submit", "withdraw"]
    assert harness.tally() == {"received": 1, "status_cancelled": 1}


def test_reading_changes_nothing() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    assert show(harness, token) == show(harness, token)
    assert harness.tally() == {"received": 1, "status_pending": 1}


def test_a_request_is_withdrawn_once() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    withdraw(harness, token)
    with pytest.raises(AlreadyDecided):
        withdraw(harness, token)


def test_a_repeated_withdrawal_gets_the_same_answer() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    assert withdraw(harness, token, an_idempotency_key("k")) == withdraw(harness, token, an_idempotency_key("k"))


def test_a_read_that_misses_the_idempotency_record_is_no_refusal() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    first = withdraw(harness, token, an_idempotency_key("k"))
    harness.bookings.missed_idempotency_records = 1
    assert withdraw(harness, token, an_idempotency_key("k")) == first


def test_an_accepted_request_cannot_be_withdrawn() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    harness.accept(show(harness, token))
    with pytest.raises((AlreadyDecided, MoveNotAllowed)):
        withdraw(harness, token)


def test_a_withdrawal_that_loses_to_an_acceptance_is_refused() -> None:
    harness = PracticeHarness()
    token = submit(harness).manage_token
    request = show(harness, token)
    harness.bookings.before_next_commit = lambda: harness.accept(request)
    with pytest.raises(AlreadyDecided):
        withdraw(harness, token)
    assert harness.stored(request).status is Status.ACCEPTED


# ---------------------------------------------------------------- openings


def openings(
    harness: PracticeHarness, first: str, last: str, service_id: str = "svc_checkup", practitioner_id: str | None = None
) -> list[str]:
    found = list_public_openings(
        harness.practices,
        harness.bookings,
        harness.practice.id,
        service_id,
        date.fromisoformat(first),
        date.fromisoformat(last),
        NOW,
        practitioner_id,
    )
    return [f"{slot.start:%Y-%m-%d %H:%M}" for slot in found]


def test_openings_sort_by_time() -> None:
    harness = PracticeHarness()
    found = openings(harness, "2026-07-15", "2026-07-16")
    assert found == sorted(found)
    assert (found[0], found[-1]) == ("2026-07-15 08:00", "2026-07-16 16:00")


def test_a_taken_time_is_no_opening() -> None:
    harness = PracticeHarness()
    for who, chair in (("prov_a", "chr_a"), ("prov_b", "chr_b")):
        slot = a_slot("2026-07-15T08:00", 60, practitioner_id=who, chair_id=chair)
        harness.appointment(slot=slot, patient=a_stranger())
    assert openings(harness, "2026-07-15", "2026-07-15")[0] == "2026-07-15 09:00"


def test_openings_can_be_limited_to_one_practitioner() -> None:
    harness = PracticeHarness()
    slot = a_slot("2026-07-15T08:00", 60, practitioner_id="prov_a", chair_id="chr_a")
    harness.appointment(slot=slot, patient=a_stranger())
    assert openings(harness, "2026-07-15", "2026-07-15", practitioner_id="prov_a")[0] == "2026-07-15 09:00"
    assert openings(harness, "2026-07-15", "2026-07-15", practitioner_id="prov_b")[0] == "2026-07-15 08:00"
    with pytest.raises(Invalid):
        openings(harness, "2026-07-15", "2026-07-15", practitioner_id="prov_none")


def test_there_are_no_openings_in_the_past_or_on_closed_days() -> None:
    harness = PracticeHarness()
    assert openings(harness, "2026-06-01", "2026-06-30") == []
    assert openings(harness, "2026-07-18", "2026-07-19") == []
    assert openings(harness, "2026-07-01", "2026-07-01")[0] == "2026-07-01 10:00"


def test_at_most_two_weeks_from_today_are_searched() -> None:
    harness = PracticeHarness(a_practice(services=(a_service("svc_long", duration_minutes=480),)))
    found = openings(harness, "2026-07-15", "2026-12-31", "svc_long")
    assert found[-1].startswith("2026-07-28")
    found = openings(harness, "2026-06-10", "2026-12-31", "svc_long")
    assert (found[0][:10], found[-1][:10]) == ("2026-07-02", "2026-07-14")


def test_a_last_day_before_the_first_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        openings(PracticeHarness(), "2026-07-16", "2026-07-15")
    assert refused.value.facts["errors"][0]["field"] == "to"


def test_a_busy_week_is_searched_to_its_end() -> None:
    """The booking page reads a week: Monday to Saturday, 8:00 to 18:00, half an hour each."""
    week = hours(*open_hours("08:00", "18:00", range(1, 7)))
    harness = PracticeHarness(a_practice(hours=week, services=(a_service(duration_minutes=30),)))
    found = openings(harness, "2026-07-13", "2026-07-19")
    assert len(found) == 6 * 39
    assert found[-1] == "2026-07-18 17:30"


def test_the_longest_answer_fits_into_a_lambda_response() -> None:
    """6 MB (AWS Lambda quotas). Two weeks, day and night, ids as long as any."""
    service, somebody, chair = a_service("s" * 128, duration_minutes=15), a_practitioner("p" * 128), a_chair("c" * 128)
    toronto = {"timezone": "America/Toronto", "hours": None}  # Vancouver's clocks stay since 2026
    always = a_practice(services=(service,), practitioners=(somebody,), chairs=(chair,), **toronto)
    harness = PracticeHarness(always)
    days = date(2026, 10, 20), date(2026, 11, 30)  # an hour comes twice in them
    found = list_public_openings(harness.practices, harness.bookings, always.id, service.id, *days, NOW)
    assert len(found) == 14 * 24 * 4 + 4
    assert len(json.dumps(render({"items": found}))) < 1_000_000


def test_an_inactive_service_has_no_openings() -> None:
    with pytest.raises(Invalid):
        openings(PracticeHarness(), "2026-07-15", "2026-07-15", "svc_none")
