"""What speaks for one person and what against, and under which keys the person is found. Beside tests/unit/domain."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.evidence import TABLES, TABLES_AT_HOME
from bookings.domain.matching import Grade, Likeness, Match, best_matches, match_to_link
from bookings.domain.patient import Patient, birth_key, name_key
from bookings.storage.items import match_keys
from tests.builders import a_patient, an_appointment

CHILD = {"date_of_birth": date(2017, 3, 9)}


def the_match(mine: Patient, theirs: Patient) -> Match | None:
    matches = best_matches(mine, [an_appointment(patient=theirs)])
    return matches[0] if matches else None


def how(match: Match | None) -> dict[str, Likeness]:
    return {reason.field: reason.likeness for reason in match.reasons} if match else {}


@pytest.mark.parametrize("field", ["first_name", "last_name", "date_of_birth", "email", "phone"])
def test_one_slip_leaves_a_match_certain_and_the_reason_names_it(field: str) -> None:
    slips = {
        "first_name": "Jnae", "last_name": "Dooe", "date_of_birth": date(1990, 4, 3),
        "email": "jnae@example.com", "phone": "+16045550132",
    }  # fmt: skip
    match = the_match(a_patient(), a_patient(**{field: slips[field]}))
    assert match
    assert match.grade is Grade.CERTAIN
    assert how(match)[field] is Likeness.CLOSE
    assert [reason.field for reason in match.reasons if reason.agrees] == [reason.field for reason in match.reasons]


@pytest.mark.parametrize(
    ("mine", "theirs"), [("Robert", "Bob"), ("Liz", "Betty"), ("Marie-Claude", "Marie"), ("Jean Luc", "Luc-Jean")]
)
def test_a_first_name_in_another_form_is_that_name(mine: str, theirs: str) -> None:
    match = the_match(a_patient(first_name=mine), a_patient(first_name=theirs))
    assert match
    assert (match.grade, how(match)["first_name"]) == (Grade.CERTAIN, Likeness.VARIANT)


@pytest.mark.parametrize(
    ("mine", "theirs"), [("Smith-Jones", "Smith"), ("Jones", "Smith Jones"), ("Roy-Côté", "Côté-Roy")]
)
def test_half_of_a_double_name_is_that_name(mine: str, theirs: str) -> None:
    match = the_match(a_patient(last_name=mine), a_patient(last_name=theirs))
    assert match
    assert (match.grade, how(match)["last_name"]) == (Grade.CERTAIN, Likeness.VARIANT)


def test_swapped_names_are_seen_through() -> None:
    match = the_match(a_patient(), a_patient(first_name="Doe", last_name="Jane"))
    assert match
    assert match.grade is Grade.CERTAIN
    assert how(match)["first_name"] is how(match)["last_name"] is Likeness.SWAPPED


def test_day_and_month_that_changed_places_are_one_slip() -> None:
    match = the_match(a_patient(), a_patient(date_of_birth=date(1990, 2, 4)))
    assert how(match)["date_of_birth"] is Likeness.CLOSE


def test_a_number_without_its_country_is_the_same_number() -> None:
    match = the_match(a_patient(), a_patient(phone="(604) 555-0123"))
    assert how(match)["phone"] is Likeness.SAME


@pytest.mark.parametrize("told", [{}, CHILD, {"email": None, **CHILD}, {"last_name": "Roe", **CHILD}])
def test_another_first_name_under_one_number_and_birth_date_is_a_twin(told: dict[str, object]) -> None:
    assert the_match(a_patient(**told), a_patient(first_name="Oliver", **told)) is None


def test_the_lone_number_of_a_grown_person_speaks_for_the_person_but_links_nothing_by_itself() -> None:
    matches = best_matches(a_patient(email=None), [an_appointment(patient=a_patient(email=None, first_name="Oliver"))])
    assert [match.grade for match in matches] == [Grade.CERTAIN]
    assert match_to_link(matches) is None


@pytest.mark.parametrize("born", [date(1962, 8, 30), None])
def test_a_relative_under_the_same_number_is_somebody_else(born: date | None) -> None:
    assert the_match(a_patient(), a_patient(first_name="Oliver", date_of_birth=born)) is None


def test_a_number_that_many_people_share_weighs_less() -> None:
    mine = a_patient(email=None, date_of_birth=None)
    other = an_appointment(patient=a_patient(email=None, date_of_birth=None, last_name="Dole", first_name="Jan"))
    home = [
        an_appointment(patient=a_patient(email=None, first_name=f"Resident{number}", last_name=f"No{number}"))
        for number in range(40)
    ]
    (alone,) = best_matches(mine, [other])
    among_many = next((one.score for one in best_matches(mine, [other, *home]) if one.appointment == other), 0.0)
    assert among_many < alone.score


def test_a_shared_name_alone_is_never_more_than_possible() -> None:
    mine, theirs = a_patient(date_of_birth=None), a_patient(email="j@else.example", phone="+14165550188")
    match = the_match(mine, theirs)
    assert match is None or match.grade is Grade.POSSIBLE


def test_only_the_single_certain_match_of_that_name_and_birth_date_links_itself() -> None:
    mine = a_patient()
    certain = an_appointment(patient=mine)
    assert match_to_link([]) is None
    assert (found := match_to_link(best_matches(mine, [certain])))
    assert found.appointment == certain
    assert match_to_link(best_matches(mine, [certain, an_appointment(patient=mine)])) is None
    assert match_to_link(best_matches(mine, [an_appointment(patient=a_patient(first_name="Jnae"))])) is None


@pytest.mark.parametrize("table", [*TABLES, *TABLES_AT_HOME])
def test_under_each_explanation_one_of_the_outcomes_comes_about(table: dict[Likeness, tuple[float, ...]]) -> None:
    for column in zip(*table.values(), strict=True):
        assert sum(column) == pytest.approx(1, abs=2e-4)


texts = st.text(max_size=12)
patients = st.builds(
    Patient,
    first_name=texts | st.sampled_from(["Jane", "Jnae", "Doe"]),
    last_name=texts | st.sampled_from(["Doe", "Jane", "Doe-Roe"]),
    email=st.none() | texts | st.just("jane@example.com"),
    phone=st.none() | texts | st.sampled_from(["+16045550123", "604 555 0123"]),
    date_of_birth=st.none() | st.dates() | st.just(date(1990, 4, 2)),
)


@given(patients, patients)
def test_whoever_asks_the_answer_is_the_same(one: Patient, other: Patient) -> None:
    there, back = the_match(one, other), the_match(other, one)
    assert (there and there.score) == (back and back.score)


# ---------------------------------------------------------------- the keys under which a patient is found again


@pytest.mark.parametrize(
    "slip",
    [
        {"phone": "+16045550132", "email": "jnae@example.com"},
        {"date_of_birth": date(1909, 4, 2)},
        {"first_name": "Jnae"},
        {"first_name": "Doe", "last_name": "Jane"},
        {"first_name": "Doe", "last_name": "Jane", "phone": None, "email": None, "date_of_birth": None},
        {"last_name": "Doe-Roe", "phone": None, "email": None, "date_of_birth": date(1990, 2, 4)},
    ],
)
def test_what_a_slip_breaks_another_key_finds(slip: dict[str, object]) -> None:
    assert match_keys("prac", a_patient()).items() & match_keys("prac", a_patient(**slip)).items()


def test_a_stand_in_for_a_birth_date_is_no_key() -> None:
    assert birth_key(a_patient(date_of_birth=date(1900, 1, 1))) is None
    assert birth_key(a_patient()) == "1990-04-02"


def test_half_a_name_is_no_key() -> None:
    assert name_key(a_patient(last_name="")) is None
    assert name_key(a_patient()) == "doe:jan"
