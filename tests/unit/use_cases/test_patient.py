"""What a patient does: ask for a time, see the request again, take it back."""

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
from bookings.entrypoints.responses import render
from bookings.use_cases.own_request import read_own_request, withdraw_request
from bookings.use_cases.public_openings import list_public_openings
from bookings.use_cases.submit_request import SubmittedRequest, submit_request
from tests.builders import (
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
from tests.unit.use_cases.house import House, Killed


def submit(
    house: House, submission: Submission | None = None, idempotency_key: IdempotencyKey | None = None
) -> SubmittedRequest:
    return submit_request(
        house.practices,
        house.bookings,
        house.practice.id,
        submission or a_submission(),
        idempotency_key or an_idempotency_key(),
        a_stamp("patient"),
    )


def show(house: House, token: str) -> Request:
    return read_own_request(house.practices, house.bookings, token)[1]


def withdraw(house: House, token: str, idempotency_key: IdempotencyKey | None = None) -> Request:
    return withdraw_request(house.practices, house.bookings, token, idempotency_key, a_stamp("patient"))[1]


def wrong_field(house: House, **told: Any) -> str:
    with pytest.raises(Invalid) as refused:
        submit(house, a_submission(**told))
    (error,) = refused.value.facts["errors"]
    assert house.tally() == {}, "nothing is stored"
    return str(error["field"])


# ---------------------------------------------------------------- submit


def test_a_patient_asks_for_a_time() -> None:
    house = House()
    submitted = submit(house, a_submission(note="I am afraid of needles", source="google"))
    request = show(house, submitted.manage_token)
    assert (submitted.id, submitted.status) == (request.id, "pending")
    assert request.requested == a_slot(practitioner_id="prov_a", service_id="svc_checkup")
    assert (request.note, request.source, request.received_at) == ("I am afraid of needles", "google", NOW)
    assert request.patient.phone == "+16045550123"
    assert house.actions(request) == ["submit"]
    assert house.tally() == {"received": 1, "status_pending": 1}


def test_a_patient_may_ask_not_to_be_mailed() -> None:
    house = House()
    assert show(house, submit(house, a_submission(may_email=False)).manage_token).may_email is False
    assert show(house, submit(house, a_submission()).manage_token).may_email is True


def test_a_time_with_an_offset_is_taken_as_the_practices_own() -> None:
    house = House()
    submitted = submit(house, a_submission(requested={"start": "2026-07-15T22:00:00Z", "duration_minutes": 30}))
    assert show(house, submitted.manage_token).requested == a_slot(minutes=30)


def test_the_duration_follows_from_the_service_unless_it_is_told() -> None:
    house = House()
    start = "2026-07-15T15:00:00"
    short = submit(house, a_submission(requested={"start": start, "service_id": "svc_cleaning"}))
    long = submit(house, a_submission(requested={"start": start, "service_id": "svc_cleaning", "duration_minutes": 90}))
    assert show(house, short.manage_token).requested.duration_minutes == 30
    assert show(house, long.manage_token).requested.duration_minutes == 90


def test_without_a_service_the_duration_has_to_be_told() -> None:
    assert wrong_field(House(), requested={"start": "2026-07-15T15:00:00"}) == "requested.duration_minutes"


@pytest.mark.parametrize("start", ["2026-07-01T10:00:00", "2026-07-01T17:00:00Z", "2020-01-01T00:00:00"])
def test_the_start_has_to_be_in_the_future(start: str) -> None:
    assert wrong_field(House(), requested={"start": start, "duration_minutes": 30}) == "requested.start"


@pytest.mark.parametrize("start", ["2027-03-14T02:30:00", "2026-11-01T01:30:00"])
def test_a_time_that_the_clocks_skip_or_show_twice_is_refused(start: str) -> None:
    house = House(a_practice(timezone="America/Toronto"))
    assert wrong_field(house, requested={"start": start, "duration_minutes": 30}) == "requested.start"


@pytest.mark.parametrize("name", ["practitioner_id", "chair_id", "service_id"])
def test_what_the_practice_has_not_cannot_be_asked_for(name: str) -> None:
    requested = {"start": "2026-07-15T15:00:00", "duration_minutes": 30, name: "none_such"}
    assert wrong_field(House(), requested=requested) == f"requested.{name}"


def test_a_number_that_nobody_could_call_is_refused_without_repeating_it() -> None:
    house = House()
    who = {"first_name": "Jane", "last_name": "Doe", "phone": "555-0123"}
    with pytest.raises(Invalid) as refused:
        submit(house, a_submission(patient=who))
    (error,) = refused.value.facts["errors"]
    assert error["field"] == "patient.phone"
    assert "0123" not in error["message"]


def test_a_practice_that_nobody_knows_is_not_found() -> None:
    house = House()
    with pytest.raises(NotFound):
        submit_request(
            house.practices, house.bookings, "prac_x", a_submission(), an_idempotency_key(), a_stamp("patient")
        )


def test_a_double_tap_asks_once() -> None:
    house = House()
    first = submit(house, idempotency_key=an_idempotency_key("k"))
    assert submit(house, idempotency_key=an_idempotency_key("k")) == first
    assert house.tally() == {"received": 1, "status_pending": 1}


def test_the_same_key_for_another_request_is_refused() -> None:
    house = House()
    submit(house, idempotency_key=an_idempotency_key("k", b"one"))
    with pytest.raises(IdempotencyKeyReused):
        submit(house, idempotency_key=an_idempotency_key("k", b"other"))


def test_an_answer_that_was_lost_is_given_when_it_is_asked_for_again() -> None:
    house = House()
    house.bookings.dies_after_writing = True
    with pytest.raises(Killed):
        submit(house, idempotency_key=an_idempotency_key("k"))
    house.bookings.dies_after_writing = False
    again = submit(house, idempotency_key=an_idempotency_key("k"))
    assert show(house, again.manage_token).status is Status.PENDING
    assert house.tally() == {"received": 1, "status_pending": 1}


def test_an_id_that_is_taken_by_chance_is_no_crash() -> None:
    house = House()

    def refuse(change: ChangeSet) -> None:
        raise StaleSnapshot

    house.bookings.commit = refuse  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        submit(house)


# ---------------------------------------------------------------- the manage token


def test_the_token_is_kept_nowhere() -> None:
    house = House()
    submitted = submit(house)
    secret = submitted.manage_token.rpartition(".")[2]
    assert secret not in show(house, submitted.manage_token).model_dump_json()


def test_every_token_is_its_own() -> None:
    house = House()
    assert len({submit(house).manage_token for _ in range(20)}) == 20


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
def test_whoever_has_no_token_sees_nothing_and_takes_nothing_back(spoil: Any) -> None:
    house = House()
    submitted = submit(house)
    wrong = spoil(submitted.manage_token)
    with pytest.raises(NotFound):
        show(house, wrong)
    with pytest.raises(NotFound):
        withdraw(house, wrong)
    assert show(house, submitted.manage_token).status is Status.PENDING


def test_one_patients_token_does_not_open_anothers_request() -> None:
    house = House()
    mine, theirs = (ManageToken.parse(submit(house).manage_token) for _ in range(2))
    forged = ManageToken(theirs.practice_id, theirs.request_id, mine.secret)
    with pytest.raises(NotFound):
        show(house, str(forged))


# ---------------------------------------------------------------- withdraw


def test_a_patient_takes_the_request_back() -> None:
    house = House()
    token = submit(house).manage_token
    after = withdraw(house, token)
    assert after.status is Status.CANCELLED
    assert house.actions(after) == ["submit", "withdraw"]
    assert house.tally() == {"received": 1, "status_cancelled": 1}


def test_looking_changes_nothing() -> None:
    house = House()
    token = submit(house).manage_token
    assert show(house, token) == show(house, token)
    assert house.tally() == {"received": 1, "status_pending": 1}


def test_a_request_is_taken_back_once() -> None:
    house = House()
    token = submit(house).manage_token
    withdraw(house, token)
    with pytest.raises(AlreadyDecided):
        withdraw(house, token)


def test_taking_back_with_the_same_key_gets_the_same_answer() -> None:
    house = House()
    token = submit(house).manage_token
    assert withdraw(house, token, an_idempotency_key("k")) == withdraw(house, token, an_idempotency_key("k"))


def test_a_look_that_catches_the_withdrawal_and_not_its_receipt_is_no_refusal() -> None:
    house = House()
    token = submit(house).manage_token
    first = withdraw(house, token, an_idempotency_key("k"))
    house.bookings.overlooks_receipts = 1
    assert withdraw(house, token, an_idempotency_key("k")) == first


def test_who_is_accepted_has_to_call_the_practice() -> None:
    house = House()
    token = submit(house).manage_token
    house.accept(show(house, token))
    with pytest.raises((AlreadyDecided, MoveNotAllowed)):
        withdraw(house, token)


def test_a_patient_who_withdraws_while_the_front_desk_accepts_learns_that_it_was_faster() -> None:
    house = House()
    token = submit(house).manage_token
    request = show(house, token)
    house.bookings.meanwhile = lambda: house.accept(request)
    with pytest.raises(AlreadyDecided):
        withdraw(house, token)
    assert house.stands(request).status is Status.ACCEPTED


# ---------------------------------------------------------------- openings


def openings(
    house: House, first: str, last: str, service_id: str = "svc_checkup", practitioner_id: str | None = None
) -> list[str]:
    found = list_public_openings(
        house.practices,
        house.bookings,
        house.practice.id,
        service_id,
        date.fromisoformat(first),
        date.fromisoformat(last),
        NOW,
        practitioner_id,
    )
    return [f"{slot.start:%Y-%m-%d %H:%M}" for slot in found]


def test_openings_are_shown_in_order_of_time() -> None:
    house = House()
    found = openings(house, "2026-07-15", "2026-07-16")
    assert found == sorted(found)
    assert (found[0], found[-1]) == ("2026-07-15 08:00", "2026-07-16 16:00")


def test_a_taken_time_is_no_opening() -> None:
    house = House()
    for who, chair in (("prov_a", "chr_a"), ("prov_b", "chr_b")):
        slot = a_slot("2026-07-15T08:00", 60, practitioner_id=who, chair_id=chair)
        house.appointment(slot=slot, patient=a_stranger())
    assert openings(house, "2026-07-15", "2026-07-15")[0] == "2026-07-15 09:00"


def test_the_openings_of_one_practitioner_are_theirs_alone() -> None:
    house = House()
    slot = a_slot("2026-07-15T08:00", 60, practitioner_id="prov_a", chair_id="chr_a")
    house.appointment(slot=slot, patient=a_stranger())
    assert openings(house, "2026-07-15", "2026-07-15", practitioner_id="prov_a")[0] == "2026-07-15 09:00"
    assert openings(house, "2026-07-15", "2026-07-15", practitioner_id="prov_b")[0] == "2026-07-15 08:00"
    with pytest.raises(Invalid):
        openings(house, "2026-07-15", "2026-07-15", practitioner_id="prov_none")


def test_nothing_is_offered_in_the_past_or_on_closed_days() -> None:
    house = House()
    assert openings(house, "2026-06-01", "2026-06-30") == []
    assert openings(house, "2026-07-18", "2026-07-19") == []
    assert openings(house, "2026-07-01", "2026-07-01")[0] == "2026-07-01 10:00"


def test_at_most_two_weeks_are_looked_at_and_what_is_over_is_none_of_them() -> None:
    house = House(a_practice(services=(a_service("svc_long", duration_minutes=480),)))
    found = openings(house, "2026-07-15", "2026-12-31", "svc_long")
    assert found[-1].startswith("2026-07-28")
    found = openings(house, "2026-06-10", "2026-12-31", "svc_long")
    assert (found[0][:10], found[-1][:10]) == ("2026-07-02", "2026-07-14")


def test_days_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        openings(House(), "2026-07-16", "2026-07-15")
    assert refused.value.facts["errors"][0]["field"] == "to"


def test_a_busy_week_is_shown_to_its_end() -> None:
    """The booking page asks for a week: Monday to Saturday, 8 to 18, half an hour each."""
    week = hours(*open_hours("08:00", "18:00", range(1, 7)))
    house = House(a_practice(hours=week, services=(a_service(duration_minutes=30),)))
    found = openings(house, "2026-07-13", "2026-07-19")
    assert len(found) == 6 * 39
    assert found[-1] == "2026-07-18 17:30"


def test_the_longest_answer_is_far_from_what_a_function_may_answer() -> None:
    """6 MB (AWS Lambda quotas). Two weeks, day and night, ids as long as any."""
    service, somebody, chair = a_service("s" * 128, duration_minutes=15), a_practitioner("p" * 128), a_chair("c" * 128)
    toronto = {"timezone": "America/Toronto", "hours": None}  # Vancouver's clocks stay since 2026
    always = a_practice(services=(service,), practitioners=(somebody,), chairs=(chair,), **toronto)
    house = House(always)
    days = date(2026, 10, 20), date(2026, 11, 30)  # an hour comes twice in them
    found = list_public_openings(house.practices, house.bookings, always.id, service.id, *days, NOW)
    assert len(found) == 14 * 24 * 4 + 4
    assert len(json.dumps(render({"items": found}))) < 1_000_000


def test_a_service_that_is_not_offered_has_no_openings() -> None:
    with pytest.raises(Invalid):
        openings(House(), "2026-07-15", "2026-07-15", "svc_none")
