"""The commands of callers are validated strictly."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from bookings.domain.decisions.commands import Acceptance, Linking, PatientDetails, Rejection, RequestedSlot, Submission
from bookings.domain.kernel.validation_errors import to_invalid

PATIENT = {"first_name": "Jane", "last_name": "Doe", "email": "jane@example.com"}
SUBMISSION = {"patient": PATIENT, "requested": {"start": "2026-07-15T15:00:00"}}


def read(model: type[BaseModel], value: object) -> Any:
    return model.model_validate_json(json.dumps(value))


def wrong_fields(model: type[BaseModel], value: object) -> list[str]:
    try:
        read(model, value)
    except ValidationError as error:
        return [problem["field"] for problem in to_invalid(error).facts["errors"]]
    return []


# ---------------------------------------------------------------- strict validation


@pytest.mark.parametrize(
    ("model", "body", "field"),
    [
        (Submission, {**SUBMISSION, "stats": 1}, "stats"),
        (Submission, {**SUBMISSION, "patient": {**PATIENT, "shoe_size": 9}}, "patient.shoe_size"),
        (Submission, {**SUBMISSION, "requested": {**SUBMISSION["requested"], "end": "x"}}, "requested.end"),
        (Acceptance, {"notify": True, "practice_id": "prac_2"}, "practice_id"),
        (Acceptance, {"notify": True, "override": {"reason": "x", "by": "y"}}, "override.by"),
        (Linking, {"appointment_id": "A1", "notify": True, "force": True}, "force"),
        (Rejection, {"reason": "spam", "notify": False, "at": 1}, "at"),
    ],
)
def test_an_unknown_field_is_refused_by_name(model: type[BaseModel], body: object, field: str) -> None:
    assert wrong_fields(model, body) == [field]


@pytest.mark.parametrize(
    ("model", "body", "field"),
    [
        (Acceptance, {"notify": "true"}, "notify"),
        (Acceptance, {"notify": 1}, "notify"),
        (Acceptance, {"notify": None}, "notify"),
        (Acceptance, {"notify": True, "duration_minutes": "30"}, "duration_minutes"),
        (Acceptance, {"notify": True, "duration_minutes": 30.5}, "duration_minutes"),
        (Acceptance, {"notify": True, "duration_minutes": True}, "duration_minutes"),
        (Acceptance, {"notify": True, "chair_id": 7}, "chair_id"),
        (Acceptance, {"notify": True, "different_appointment": "yes"}, "different_appointment"),
        (Acceptance, {"notify": True, "override": "because"}, "override"),
        (Acceptance, {"notify": True, "override": {"reason": "  "}}, "override.reason"),
        (Linking, {"appointment_id": ["A1"], "notify": True}, "appointment_id"),
        (Rejection, {"reason": "because", "notify": False}, "reason"),
        (Submission, {**SUBMISSION, "patient": []}, "patient"),
        (Submission, {**SUBMISSION, "source": "Web Site"}, "source"),
    ],
)
def test_a_wrong_type_is_refused_by_field(model: type[BaseModel], body: object, field: str) -> None:
    assert wrong_fields(model, body) == [field]


@pytest.mark.parametrize(
    ("model", "body", "field"),
    [
        (Acceptance, {}, "notify"),
        (Linking, {"notify": True}, "appointment_id"),
        (Rejection, {"reason": "spam"}, "notify"),
        (Submission, {"patient": PATIENT}, "requested"),
        (Submission, {"patient": PATIENT, "requested": {}}, "requested.start"),
    ],
)
def test_a_missing_field_is_refused_by_name(model: type[BaseModel], body: object, field: str) -> None:
    assert wrong_fields(model, body) == [field]


@pytest.mark.parametrize("body", [[], "text", 7, None, True])
def test_a_body_that_is_not_an_object_is_refused(body: object) -> None:
    assert wrong_fields(Acceptance, body) == [""]


@pytest.mark.parametrize("minutes", [-30, 0, 4, 721, 10**30])
def test_a_duration_is_between_five_minutes_and_twelve_hours(minutes: int) -> None:
    assert wrong_fields(Acceptance, {"notify": True, "duration_minutes": minutes}) == ["duration_minutes"]


def test_an_error_does_not_repeat_the_value() -> None:
    body = {**SUBMISSION, "patient": {"first_name": "Jane", "last_name": "Doe", "email": "jane doe@secret"}}
    with pytest.raises(ValidationError) as refused:
        read(Submission, body)
    facts = json.dumps(to_invalid(refused.value).facts)
    assert "secret" not in facts
    assert "jane" not in facts


# ---------------------------------------------------------------- times and days


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-07-15T15:00", datetime(2026, 7, 15, 15)),
        ("2026-07-15T15:00:00", datetime(2026, 7, 15, 15)),
        ("2026-07-15t15:00:00z", datetime(2026, 7, 15, 15, tzinfo=UTC)),
        ("2026-07-15T15:00:00.500Z", datetime(2026, 7, 15, 15, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-07-15T15:00:00-07:00", datetime(2026, 7, 15, 22, tzinfo=UTC)),
    ],
)
def test_a_time_is_rfc_3339_with_an_optional_offset(written: str, meant: datetime) -> None:
    start = read(RequestedSlot, {"start": written}).start
    assert start == meant
    assert (start.tzinfo is None) == (meant.tzinfo is None)


@pytest.mark.parametrize(
    "written",
    [
        "2026-07-15",
        "2026-07-15 15:00:00",
        "2026-7-15T15:00:00",
        "20260715T150000",
        "2026-W29-3T15:00:00",
        "2026-07-15T25:00:00",
        "2026-02-30T15:00:00",
        "2026-07-15T15:00:00-0700",
        "2026-07-15T15:00:00+99:99",
        "2026-07-15T15:00:00[America/Vancouver]",
        "2026-07-15T15:00:00 ",
        "٢٠٢٦-07-15T15:00:00",
        "tomorrow",
        "",
        1784109600,
        None,
        {"at": "2026-07-15T15:00:00"},
    ],
)
def test_any_other_text_is_refused_as_a_time(written: object) -> None:
    assert wrong_fields(RequestedSlot, {"start": written}) == ["start"]


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2200-01-01T00:00:00"])
def test_a_time_at_the_end_of_the_calendar_is_refused(written: str) -> None:
    assert wrong_fields(RequestedSlot, {"start": written}) == ["start"]


@given(st.text(max_size=40))
def test_no_text_crashes_the_parsing_of_a_time(written: str) -> None:
    assert wrong_fields(RequestedSlot, {"start": written}) in ([], ["start"])


def test_a_birth_date_has_no_time() -> None:
    assert read(PatientDetails, {**PATIENT, "date_of_birth": "1990-04-02"}).date_of_birth == date(1990, 4, 2)


@pytest.mark.parametrize(
    "written",
    ["0", "19900402", "1990-4-2", "1990-04-02T00:00:00", "2026-02-30", "02/04/1990", "0900-04-02", " " * 11, 0, 7e9],
)
def test_digits_are_not_read_as_seconds_since_1970(written: object) -> None:
    assert wrong_fields(PatientDetails, {**PATIENT, "date_of_birth": written}) == ["date_of_birth"]


@pytest.mark.parametrize("written", ["", "          ", "1900-01-01", "0001-01-01", "1753-01-01", "1899-12-30", None])
def test_a_placeholder_for_a_birth_date_is_unknown(written: object) -> None:
    assert read(PatientDetails, {**PATIENT, "date_of_birth": written}).date_of_birth is None


# ---------------------------------------------------------------- patients


def test_a_patient_needs_an_email_address_or_a_phone_number() -> None:
    names = {"first_name": "Jane", "last_name": "Doe"}
    assert wrong_fields(PatientDetails, {**names, "email": "jane@example.com"}) == []
    assert wrong_fields(PatientDetails, {**names, "phone": "604-555-0123"}) == []
    assert wrong_fields(PatientDetails, names) == [""]


def test_blanks_around_a_text_are_removed() -> None:
    assert read(PatientDetails, {**PATIENT, "first_name": "  Jane "}).first_name == "Jane"
    assert wrong_fields(PatientDetails, {**PATIENT, "first_name": "   "}) == ["first_name"]


@pytest.mark.parametrize("written", ["\u200b", "\u202e", "\u3164", "\u0000"])
def test_a_name_that_nobody_can_see_is_refused(written: str) -> None:
    assert wrong_fields(PatientDetails, {**PATIENT, "last_name": written}) == ["last_name"]


def test_invisible_characters_of_names_and_addresses_are_removed() -> None:
    patient = read(
        PatientDetails, {"first_name": "Zoe\u0308\u0007", "last_name": "\u202eDoe", "email": "\u200bz@e.example"}
    )
    assert (patient.first_name, patient.last_name, patient.email) == ("Zoë", "Doe", "z@e.example")


@pytest.mark.parametrize(
    "written",
    [
        "zoë@example.com", "jane", "jane@", "@example.com", "jane@example", "jane@@example.com", "jane doe@example.com",
        "jane@example.com,joe@example.com", "<jane@example.com>", "jane@example.com\r\nBcc: joe@example.com",
        "jane@exam\u0000ple.com", "j" * 250 + "@example.com", "jane@example..com.",
    ],
)  # fmt: skip
def test_an_undeliverable_email_address_is_refused(written: str) -> None:
    assert wrong_fields(PatientDetails, {**PATIENT, "email": written}) == ["email"]


@pytest.mark.parametrize("written", ["jane@example.com", "j.d+dentist@mail.example.co.uk", "eloise@exämple.ca"])
def test_a_deliverable_email_address_is_accepted(written: str) -> None:
    assert read(PatientDetails, {**PATIENT, "email": written}).email == written


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_name_crashes_the_parsing_of_a_patient(first_name: str, last_name: str) -> None:
    found = wrong_fields(PatientDetails, {**PATIENT, "first_name": first_name, "last_name": last_name})
    assert set(found) <= {"first_name", "last_name"}
