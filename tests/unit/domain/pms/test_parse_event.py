"""Each event of a batch is judged on its own, and its errors name the field and what it must be."""

import json
from typing import Any

import pytest

from bookings.domain.kernel.errors import Invalid
from bookings.domain.pms.event_json import MAX_DEPTH, load_batch
from bookings.domain.pms.event_models import (
    MAX_REASON_LENGTH,
    NO_REASON,
    AppointmentData,
    DeletedData,
    FailedData,
    PatientData,
)
from bookings.domain.pms.parse_event import MAX_ERRORS, parse_event
from bookings.domain.requests.appointment import AppointmentStatus
from tests.support.builders import an_event


def errors_of(text: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        parse_event(0, load_batch(text))
    return {error["field"]: error["message"] for error in refused.value.facts["errors"]}


def appointment(**data: Any) -> AppointmentData:
    parsed = parse_event(0, load_batch(json.dumps(an_event(**data)))).data
    assert isinstance(parsed, AppointmentData)
    return parsed


def reason(text: str) -> str:
    raw = f'{{"type": "write.failed", "data": {{"write_id": "write_1", "reason": {text}}}}}'
    parsed = parse_event(0, load_batch(raw)).data
    assert isinstance(parsed, FailedData)
    return parsed.reason


# ---------------------------------------------------------------- what JSON leaves open


PERSONAL = {"first_name": "Mia", "last_name": "Doe", "email": "mia@example.com", "phone": "604-555-0123"}
HALVES = ["\\ud83d", "\\udc4d", "Mia \\ud83d", "\\udc4d\\ud83d"]


def patient_of(raw: str) -> PatientData:
    data = parse_event(0, load_batch(raw)).data
    assert isinstance(data, AppointmentData)
    assert data.patient
    return data.patient


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("field", ["first_name", "last_name", "email", "phone", "phone_extension", "date_of_birth"])
def test_half_a_surrogate_pair_makes_a_value_of_the_patient_unknown(field: str, half: str) -> None:
    raw = json.dumps(an_event(patient={**PERSONAL, field: "XX"})).replace("XX", half)
    expected = {**PERSONAL, field: None}
    assert patient_of(raw).model_dump(include=set(expected)) == expected


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("field", ["id", "chair_id", "service_id"])
def test_half_a_surrogate_pair_elsewhere_is_named(field: str, half: str) -> None:
    raw = json.dumps(an_event(**{field: "XX"})).replace("XX", half)
    assert list(errors_of(raw)) == [f"data.{field}"]


def test_nesting_makes_a_value_of_the_patient_unknown() -> None:
    raw = json.dumps(an_event(patient={**PERSONAL, "email": "XX"})).replace('"XX"', "[" * 50_000 + "]" * 50_000)
    assert patient_of(raw).email is None


def test_a_whole_surrogate_pair_is_a_character() -> None:
    raw = json.dumps(an_event(id="XX")).replace("XX", "\\ud83d\\ude00")
    data = parse_event(0, load_batch(raw)).data
    assert isinstance(data, AppointmentData)
    assert data.id == "\N{GRINNING FACE}"


def test_a_doubled_key_is_named() -> None:
    doubled = json.dumps(an_event(duration_minutes=60)).replace(
        '"duration_minutes": 60', '"duration_minutes": 60, "duration_minutes": 30'
    )
    assert list(errors_of(doubled)) == ["data.duration_minutes"]
    assert list(errors_of('{"type": "heartbeat", "type": "heartbeat"}')) == ["type"]


@pytest.mark.parametrize("second", ["A", "Mia"])
def test_a_doubled_key_of_the_patient_is_unknown(second: str) -> None:
    raw = json.dumps(an_event(patient=PERSONAL)).replace(
        '"first_name": "Mia"', f'"first_name": "Mia", "first_name": "{second}"'
    )
    patient = patient_of(raw)
    assert (patient.first_name, patient.last_name, patient.email) == (None, "Doe", "mia@example.com")


def test_a_patient_who_is_given_twice_is_unknown_and_no_block_out() -> None:
    raw = json.dumps(an_event(patient=PERSONAL)).replace('"patient": ', '"patient": null, "patient": ')
    assert patient_of(raw) == PatientData()


def test_an_unknown_field_of_the_patient_is_named_also_if_it_is_doubled() -> None:
    raw = json.dumps(an_event(patient=PERSONAL)).replace('"first_name"', '"allergy": 1, "allergy": 2, "first_name"')
    assert list(errors_of(raw)) == ["data.patient.allergy"]


def test_a_broken_key_is_named_by_its_object() -> None:
    assert "data" in errors_of('{"type": "heartbeat", "data": {"\\ud83d": 1}}')


def test_keys_and_brackets_inside_a_text_are_text() -> None:
    text = '"type": "x", "type": [[[{{{'
    assert appointment(patient={"last_name": text}).patient


def test_a_number_of_any_length_is_a_number() -> None:
    raw = json.dumps(an_event()).replace('"duration_minutes": 60', '"duration_minutes": ' + "9" * 9000)
    assert list(errors_of(raw)) == ["data.duration_minutes"]


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize("value", [None, 1, "heartbeat", [], True])
def test_an_event_is_an_object(value: object) -> None:
    assert "JSON object" in errors_of(json.dumps(value))[""]


def test_an_unknown_type_is_answered_with_the_known_ones() -> None:
    assert "appointment.upserted" in errors_of('{"type": "appointment.created", "version": 1}')["type"]


def test_a_missing_version_says_what_a_version_is() -> None:
    assert "rising number" in errors_of('{"type": "appointment.deleted", "data": {"id": "A1"}}')["version"]


@pytest.mark.parametrize("count", [MAX_ERRORS, MAX_ERRORS + 1, 5_000])
def test_the_errors_of_one_event_stay_few_and_short(count: int) -> None:
    data = {("\N{GRINNING FACE}" * 90) + str(number): 1 for number in range(count)}
    with pytest.raises(Invalid) as refused:
        parse_event(0, {"type": "heartbeat", "data": data})
    errors = refused.value.facts["errors"]
    assert len(errors) == MAX_ERRORS
    assert len(json.dumps(errors, ensure_ascii=False).encode()) < 4_000
    assert (f"{count - MAX_ERRORS} more" in errors[-1]["message"]) == (count > MAX_ERRORS)


# ---------------------------------------------------------------- values


@pytest.mark.parametrize("minutes", ["60", "60.0", "6e1", "60.00"])
def test_a_whole_number_may_have_a_point(minutes: str) -> None:
    raw = json.dumps(an_event(duration_minutes=7)).replace(": 7", f": {minutes}")
    data = parse_event(0, load_batch(raw)).data
    assert isinstance(data, AppointmentData)
    assert data.duration_minutes == 60


@pytest.mark.parametrize("minutes", ["60.5", '"60"', "true", "1e400", "-60.0"])
def test_no_other_number_is_whole(minutes: str) -> None:
    raw = json.dumps(an_event(duration_minutes=7)).replace(": 7", f": {minutes}")
    assert list(errors_of(raw)) == ["data.duration_minutes"]


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("checked-in", AppointmentStatus.ARRIVED),
        ("waitlist", AppointmentStatus.CANCELLED),
        *((status.value, status) for status in AppointmentStatus),
    ],
)
def test_every_status_of_fhir_has_a_meaning(status: str, ours: AppointmentStatus) -> None:
    assert appointment(status=status).appointment_status is ours


def test_what_was_entered_in_error_is_deleted() -> None:
    data = parse_event(0, an_event(status="entered-in-error", id="A7")).data
    assert data == DeletedData(id="A7")


def test_any_reason_settles_a_failed_write() -> None:
    assert reason('"Chair 2 is gone"') == "Chair 2 is gone"
    assert reason('""') == reason('" "') == reason("null") == NO_REASON
    assert reason(json.dumps("E" * 5000)) == "E" * MAX_REASON_LENGTH
    assert reason('{"code": 7}') == '{"code": 7}'
    assert reason('"cut \\ud83d"') == "cut \N{REPLACEMENT CHARACTER}"
    assert reason('{"text": "cut \\ud83d"}') == '{"text": "cut \N{REPLACEMENT CHARACTER}"}'
    assert reason('{"\\ud83d": 1}') == '{"\N{REPLACEMENT CHARACTER}": 1}'
    assert reason('{"code": 7, "code": 8}') == '{"code": 8}'
    assert reason("[" * 2 * MAX_DEPTH + "]" * 2 * MAX_DEPTH).startswith("[[[")


def test_of_a_reason_that_is_given_twice_the_last_one_counts() -> None:
    raw = '{"type": "write.failed", "data": {"write_id": "write_1", "reason": "busy", "reason": "closed"}}'
    assert parse_event(0, load_batch(raw)).data == FailedData(write_id="write_1", reason="closed")


def test_a_reason_is_read_on_one_line_without_invisible_characters() -> None:
    assert reason('"Chair 2\\r\\nis \\u0000gone\\u202e"') == "Chair 2 is gone"
    assert reason('"\\u200b"') == NO_REASON
