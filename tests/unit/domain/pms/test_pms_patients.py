"""Patients as a PMS sends them: what cannot be used is unknown, and the appointment keeps its time."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bookings.domain.pms.event_models import PatientData
from bookings.domain.requests.patient import Patient

TODAY = date(2026, 7, 1)
JANE = {"first_name": "Jane", "last_name": "Doe"}


def patient(**fields: Any) -> Patient:
    return PatientData.model_validate_json(json.dumps(fields)).to_patient("CA", TODAY)


def test_a_patient_with_everything() -> None:
    assert patient(**JANE, email="jane@example.com", phone="(604) 555-0123 x45", date_of_birth="1990-04-02") == Patient(
        first_name="Jane",
        last_name="Doe",
        email="jane@example.com",
        phone="+16045550123",
        phone_extension="45",
        date_of_birth=date(1990, 4, 2),
    )


@pytest.mark.parametrize(
    "names",
    [
        {"last_name": "Sukarni"},
        {"first_name": "", "last_name": "Sukarni"},
        {"first_name": None, "last_name": " Sukarni "},
    ],
)
def test_a_patient_may_have_one_name(names: dict[str, Any]) -> None:
    assert patient(**names) == Patient(last_name="Sukarni")


def test_a_patient_may_have_no_name() -> None:
    assert patient(phone="604-555-0123") == Patient(phone="+16045550123")
    assert patient() == Patient()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "\u200b"), ("first_name", "x" * 101), ("first_name", ["Jane"]),
        ("email", "n/a"), ("email", ""), ("email", "zoë@example.com"), ("email", "a@example.com; b@example.com"),
        ("phone", "ask her mother"), ("phone", "000-000-0000"), ("phone", ""), ("phone", "x" * 300), ("phone", False),
        ("phone_extension", "front desk"),
        ("date_of_birth", ""), ("date_of_birth", "0001-01-01"), ("date_of_birth", "1753-01-01"),
        ("date_of_birth", "1899-12-30"), ("date_of_birth", "1900-01-01"), ("date_of_birth", "0000-00-00"),
        ("date_of_birth", "0001-01-01T00:00:00"), ("date_of_birth", "2026-07-02"), ("date_of_birth", "02/04/1990"),
        ("date_of_birth", 19900402),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_unknown(field: str, value: object) -> None:
    assert patient(**{**JANE, field: value}) == patient(**{**JANE, field: None})


def test_a_number_without_its_area_code_is_kept_for_matching() -> None:
    assert patient(**JANE, phone="555-0123").phone == "5550123"


def test_an_extension_may_have_a_field_of_its_own() -> None:
    known = patient(**JANE, phone="+16045550123", phone_extension="45")
    assert (known.phone, known.phone_extension) == ("+16045550123", "45")
    assert patient(**JANE, phone_extension="45").phone_extension is None, "an extension of no number"


def test_the_names_of_a_patient_are_cleaned() -> None:
    assert patient(first_name="Zoe\u0308\u0000", last_name="\u202eDoe") == Patient(first_name="Zoë", last_name="Doe")


def test_a_field_that_the_contract_does_not_have_is_refused() -> None:
    with pytest.raises(ValidationError):
        patient(**JANE, shoe_size=9)


_json = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=2))


@given(st.dictionaries(st.sampled_from(sorted(PatientData.model_fields)), _json))
def test_no_value_costs_the_appointment(fields: dict[str, Any]) -> None:
    assert isinstance(patient(**fields), Patient)
