"""Evidence of record linkage for and against the same person, and the match keys."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.matching.candidate_ranking import find_linkable_match, rank_candidates
from bookings.domain.matching.match import Grade, Likeness, Match
from bookings.domain.matching.match_weights import FAMILY_TABLES, TABLES
from bookings.domain.requests.match_keys import birth_key, name_key
from bookings.domain.requests.patient import Patient
from bookings.storage.items import match_keys
from tests.support.builders import a_patient, an_appointment

MOBILE = "+447400123456"
"""British numbers, whose plan has ranges for mobiles."""
CHILD = {"date_of_birth": date(2017, 3, 9)}


def the_match(mine: Patient, theirs: Patient) -> Match | None:
    matches = rank_candidates(mine, [an_appointment(patient=theirs)])
    return matches[0] if matches else None


def how(match: Match | None) -> dict[str, Likeness]:
    return {reason.field: reason.likeness for reason in match.reasons} if match else {}


@pytest.mark.parametrize("field", ["first_name", "last_name", "date_of_birth", "email", "phone"])
def test_one_typo_leaves_a_match_certain_and_is_named(field: str) -> None:
    slips = {
        "first_name": "Jnae", "last_name": "Deo", "date_of_birth": date(1990, 4, 3),
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
def test_a_nickname_counts_as_the_first_name(mine: str, theirs: str) -> None:
    match = the_match(a_patient(first_name=mine), a_patient(first_name=theirs))
    assert match
    assert (match.grade, how(match)["first_name"]) == (Grade.CERTAIN, Likeness.VARIANT)


@pytest.mark.parametrize(
    ("mine", "theirs"), [("Smith-Jones", "Smith"), ("Jones", "Smith Jones"), ("Roy-Côté", "Côté-Roy")]
)
def test_one_part_of_a_double_name_counts_as_the_name(mine: str, theirs: str) -> None:
    match = the_match(a_patient(last_name=mine), a_patient(last_name=theirs))
    assert match
    assert (match.grade, how(match)["last_name"]) == (Grade.CERTAIN, Likeness.VARIANT)


@pytest.mark.parametrize(("mine", "theirs"), [("Amy", "Aym"), ("Michael", "Micheal"), ("Bertie", "Betie")])
def test_swapped_or_missing_letters_are_a_typo(mine: str, theirs: str) -> None:
    match = the_match(a_patient(first_name=mine), a_patient(first_name=theirs))
    assert how(match)["first_name"] is Likeness.CLOSE


@pytest.mark.parametrize(("mine", "theirs"), [("Mary", "Mark"), ("Larry", "Harry"), ("Joan", "John")])
def test_a_change_in_a_short_name_or_first_letter_is_another_name(mine: str, theirs: str) -> None:
    match = the_match(a_patient(first_name=mine, email=None), a_patient(first_name=theirs, email=None, phone=None))
    assert how(match)["first_name"] is Likeness.SIMILAR


def test_swapped_first_and_last_names_match() -> None:
    match = the_match(a_patient(), a_patient(first_name="Doe", last_name="Jane"))
    assert match
    assert match.grade is Grade.CERTAIN
    assert how(match)["first_name"] is how(match)["last_name"] is Likeness.SWAPPED


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        pytest.param(date(1990, 4, 2), date(1990, 2, 4), id="day and month"),
        pytest.param(date(1990, 4, 2), date(1990, 4, 20), id="two digits"),
        pytest.param(date(1939, 11, 23), date(1939, 12, 13), id="two digits of month and day"),
        pytest.param(date(1990, 4, 2), date(1909, 4, 2), id="two digits of the year"),
        pytest.param(date(1990, 4, 2), date(1990, 4, 3), id="a wrong digit"),
    ],
)
def test_swapped_parts_or_one_wrong_digit_of_a_birth_date_are_a_typo(mine: date, theirs: date) -> None:
    match = the_match(a_patient(date_of_birth=mine), a_patient(date_of_birth=theirs))
    assert how(match)["date_of_birth"] is Likeness.CLOSE


def test_two_typos_in_a_phone_number_are_still_similar() -> None:
    match = the_match(a_patient(), a_patient(phone="+16045050132"))
    assert how(match)["phone"] is Likeness.SIMILAR


def test_a_phone_number_without_its_country_code_is_the_same() -> None:
    match = the_match(a_patient(), a_patient(phone="(604) 555-0123"))
    assert how(match)["phone"] is Likeness.SAME


FAMILY_SHARES = [
    pytest.param({}, id="number and address"),
    pytest.param({"email": None}, id="a number whose plan has no mobile ranges"),
    pytest.param({"email": None, "phone": "+442079460123"}, id="a landline"),
    pytest.param({"email": None, "phone": MOBILE, **CHILD}, id="a mobile that a child has from its parents"),
    pytest.param({"phone": MOBILE}, id="a mobile, and an address that a form may have filled in"),
]


@pytest.mark.parametrize("fields", FAMILY_SHARES)
@pytest.mark.parametrize("slip", [{}, {"last_name": "Deo"}, {"last_name": "Roe"}, {"last_name": "Doe-Roe"}])
def test_another_first_name_with_same_phone_and_birth_date_is_a_twin(
    fields: dict[str, object], slip: dict[str, object]
) -> None:
    match = the_match(a_patient(**fields), a_patient(first_name="Oliver", **(fields | slip)))
    assert match is None or match.grade is Grade.POSSIBLE


@pytest.mark.parametrize("theirs", ["Hayden", "Kayden", "Jordan"])
def test_a_twin_with_a_similar_name_is_at_most_possible(theirs: str) -> None:
    fields = {"email": None, **CHILD}
    match = the_match(a_patient(first_name="Jayden", **fields), a_patient(first_name=theirs, **fields))
    assert match is None or match.grade is Grade.POSSIBLE


@pytest.mark.parametrize("phone", [None, "+16045550177"])
def test_an_adult_twin_with_another_or_no_phone_is_at_most_possible(phone: str | None) -> None:
    match = the_match(a_patient(email=None), a_patient(email=None, first_name="Oliver", phone=phone))
    assert match is None or match.grade is Grade.POSSIBLE


def test_an_unshared_mobile_is_evidence_but_links_nothing_automatically() -> None:
    fields = {"email": None, "phone": MOBILE}
    matches = rank_candidates(a_patient(**fields), [an_appointment(patient=a_patient(first_name="Oliver", **fields))])
    assert [match.grade for match in matches] == [Grade.CERTAIN]
    assert find_linkable_match(matches) is None


@pytest.mark.parametrize("phone", ["+16045550123", MOBILE])
@pytest.mark.parametrize("last_name", ["Doe", "Doee"])
def test_an_adult_relative_with_the_same_phone_is_at_most_possible(phone: str, last_name: str) -> None:
    mother = a_patient(
        email=None, phone=phone, first_name="Oliver", last_name=last_name, date_of_birth=date(1962, 8, 30)
    )
    match = the_match(a_patient(email=None, phone=phone), mother)
    assert match is None or match.grade is Grade.POSSIBLE


def test_a_son_with_his_fathers_name_and_phone_is_never_certain() -> None:
    matches = rank_candidates(a_patient(email=None), [an_appointment(patient=a_patient(email=None, **CHILD))])
    assert Grade.CERTAIN not in {match.grade for match in matches}
    assert find_linkable_match(matches) is None


def test_namesakes_with_addresses_made_of_their_name_do_not_match() -> None:
    theirs = a_patient(email="jane.doe91@mail.example", phone="+14165550188", date_of_birth=date(1962, 8, 30))
    assert the_match(a_patient(email="jane.doe51@mail.example"), theirs) is None


@pytest.mark.parametrize("born", [date(1962, 8, 30), None])
def test_a_relative_with_the_same_phone_is_no_match(born: date | None) -> None:
    assert the_match(a_patient(), a_patient(first_name="Oliver", date_of_birth=born)) is None


def test_a_phone_number_shared_by_many_weighs_less() -> None:
    mine = a_patient(email=None, date_of_birth=None)
    other = an_appointment(patient=a_patient(email=None, date_of_birth=None, last_name="Dole", first_name="Jan"))
    home = [
        an_appointment(patient=a_patient(email=None, first_name=f"Resident{number}", last_name=f"No{number}"))
        for number in range(40)
    ]
    (alone,) = rank_candidates(mine, [other])
    among_many = next((one.score for one in rank_candidates(mine, [other, *home]) if one.appointment == other), 0.0)
    assert among_many < alone.score


def test_the_same_name_alone_is_at_most_possible() -> None:
    mine, theirs = a_patient(date_of_birth=None), a_patient(email="j@else.example", phone="+14165550188")
    match = the_match(mine, theirs)
    assert match is None or match.grade is Grade.POSSIBLE


def test_only_a_unique_certain_match_is_linked_automatically() -> None:
    mine = a_patient()
    certain = an_appointment(patient=mine)
    assert find_linkable_match([]) is None
    assert (found := find_linkable_match(rank_candidates(mine, [certain])))
    assert found.appointment == certain
    assert find_linkable_match(rank_candidates(mine, [certain, an_appointment(patient=mine)])) is None
    assert find_linkable_match(rank_candidates(mine, [an_appointment(patient=a_patient(first_name="Jnae"))])) is None


@pytest.mark.parametrize("table", [*TABLES, *FAMILY_TABLES])
def test_the_probabilities_of_each_explanation_sum_to_one(table: dict[Likeness, tuple[float, ...]]) -> None:
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
def test_matching_is_symmetric(one: Patient, other: Patient) -> None:
    there, back = the_match(one, other), the_match(other, one)
    assert (there and there.score) == (back and back.score)


# ---------------------------------------------------------------- match keys


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
def test_after_a_typo_another_match_key_still_finds_the_patient(slip: dict[str, object]) -> None:
    assert match_keys("prac", a_patient()).items() & match_keys("prac", a_patient(**slip)).items()


def test_a_placeholder_birth_date_gives_no_match_key() -> None:
    assert birth_key(a_patient(date_of_birth=date(1900, 1, 1))) is None
    assert birth_key(a_patient()) == "1990-04-02"


def test_an_incomplete_name_gives_no_match_key() -> None:
    assert name_key(a_patient(last_name="")) is None
    assert name_key(a_patient()) == "do:ja"


def test_a_short_name_has_the_match_key_of_its_longer_form() -> None:
    written = [a_patient(first_name=first_name, last_name="Dixon") for first_name in ("Ky", "Kyo")]
    assert len({name_key(each) for each in written}) == 1


@pytest.mark.parametrize(("theirs", "is_linked"), [("Christine", True), ("Chris", False), ("C.", False)])
def test_a_form_of_the_first_name_is_linked_only_with_the_birth_date(theirs: str, is_linked: bool) -> None:
    """Chris may be Christopher, with whom Christine shares an address and a number."""
    ours = a_patient(first_name="Christine", date_of_birth=None)
    family = an_appointment(patient=a_patient(first_name=theirs, date_of_birth=None))
    assert bool(find_linkable_match(rank_candidates(ours, [family]))) == is_linked
    born = an_appointment(patient=a_patient(first_name=theirs))
    assert find_linkable_match(rank_candidates(a_patient(first_name="Christine"), [born]))
