"""Each event of a batch is judged on its own, and its errors name the field and what it must be."""

import json
from typing import Any

import pytest

from bookings.domain.kernel.errors import Invalid
from bookings.domain.pms.event_json import load_batch
from bookings.domain.pms.event_models import MAX_REASON_LENGTH, NO_REASON, AppointmentData, DeletedData, FailedData
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


@pytest.mark.parametrize("half", ["\\ud83d", "\\udc4d", "Mia \\ud83d", "\\udc4d\\ud83d"])
def test_half_a_surrogate_pair_is_named(half: str) -> None:
    raw = json.dumps(an_event(patient={"first_name": "XX", "last_name": "Doe"})).replace("XX", half)
    assert list(errors_of(raw)) == ["data.patient.first_name"]


def test_a_whole_surrogate_pair_is_a_character() -> None:
    raw = json.dumps(an_event(id="XX")).replace("XX", "\\ud83d\\ude00")
    data = parse_event(0, load_batch(raw)).data
    assert isinstance(data, AppointmentData)
    assert data.id == "\N{GRINNING FACE}"


def test_a_doubled_key_is_named() -> None:
    raw = json.dumps(an_event(patient={"first_name": "A", "last_name": "B"}))
    doubled = raw.replace('"first_name": "A"', '"first_name": "A", "first_name": "A"')
    assert list(errors_of(doubled)) == ["data.patient.first_name"]
    assert list(errors_of('{"type": "heartbeat", "type": "heartbeat"}')) == ["type"]


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
