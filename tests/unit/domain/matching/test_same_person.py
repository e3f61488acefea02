"""Whether two records contradict each other, so that they are two people."""

from datetime import date
from typing import Any

import pytest

from bookings.domain.matching.same_person import has_become_another_person, is_another_person
from bookings.domain.requests.patient import Patient

BIRTH = {"date_of_birth": date(1990, 4, 2)}
PHONE = {"phone": "+16045550123"}
EMAIL = {"email": "jane@example.com"}


def person(name: str, **data: Any) -> Patient:
    first_name, last_name = name.split("|")
    return Patient(first_name=first_name, last_name=last_name, **data)


JANE = person("Jane|Doe", **BIRTH, **PHONE, **EMAIL)


@pytest.mark.parametrize(
    "other",
    [
        person("Jane|Doe"),
        person("Jane|"),
        person("|Doe"),
        person("|Jane Doe"),
        person("J.|Doe", **PHONE),
        person("Doe|Jane"),
        person("Jane|Doe", date_of_birth=date(1900, 1, 1)),
        person("Jane|Doe", date_of_birth=date(1990, 2, 4)),
        person("Jane|Doe", phone="+16045559999", email="jd@work.example"),
        person("Jané|Doë"),
        person("Jayne|Doe", **BIRTH, **PHONE),
        person("Jnae|Doe", **BIRTH),
        person("Jane|Smith", **BIRTH, **PHONE),
        person("Jane|Smith", **PHONE),
        person("Jane|Doe-Smith"),
    ],
    ids=lambda one: f"{one.first_name} {one.last_name}",
)
def test_missing_data_and_other_spellings_make_no_other_person(other: Patient) -> None:
    assert not is_another_person(JANE, other)
    assert not is_another_person(other, JANE)


@pytest.mark.parametrize(
    "other",
    [
        person("Tom|Doe", **PHONE, **EMAIL),
        person("Tom|Doe", **BIRTH, **PHONE, **EMAIL),
        person("Hane|Doe", **BIRTH, **PHONE, **EMAIL),
        person("Jade|Doe", **PHONE, **EMAIL),
        person("Jnae|Doe", **PHONE),
        person("Jane|Doe", **PHONE, **EMAIL, date_of_birth=date(1962, 11, 30)),
        person("Jane|Smith"),
        person("Ada|Winterbourne"),
        person("|Winterbourne", **PHONE),
    ],
    ids=lambda one: f"{one.first_name} {one.last_name}",
)
def test_data_that_contradict_each_other_make_two_people(other: Patient) -> None:
    assert is_another_person(JANE, other)
    assert is_another_person(other, JANE)


@pytest.mark.parametrize(("one", "other"), [("Liz", "Elizabeth"), ("Jean", "Jean-Paul"), ("William", "Wiliam")])
def test_forms_of_one_first_name_are_one_person(one: str, other: str) -> None:
    assert not is_another_person(person(f"{one}|Roy"), person(f"{other}|Roy"))


@pytest.mark.parametrize(("one", "other"), [("Ram", "Rama"), ("Daniel", "Daniela"), ("Paul", "Paula")])
def test_relatives_with_similar_names_and_one_number_are_two_people(one: str, other: str) -> None:
    assert is_another_person(person(f"{one}|Roy", **PHONE), person(f"{other}|Roy", **PHONE))


def test_an_appointment_is_another_persons_only_if_that_is_new() -> None:
    tom, sam, unknown = person("Tom|Doe"), person("Sam|Stranger"), person("|Doe")
    assert has_become_another_person(JANE, JANE, tom)
    assert has_become_another_person(JANE, None, tom)
    assert has_become_another_person(JANE, unknown, tom)
    assert has_become_another_person(JANE, tom, sam)
    assert not has_become_another_person(JANE, tom, person("Tom|Doe", **PHONE))
    assert not has_become_another_person(JANE, JANE, None)
    assert not has_become_another_person(JANE, None, unknown)
