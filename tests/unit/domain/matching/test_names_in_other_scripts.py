"""Names in scripts with vowel signs, points and characters: which marks make another person."""

import pytest

from bookings.domain.matching.candidate_ranking import rank_candidates
from bookings.domain.matching.match import Grade, Likeness
from bookings.domain.matching.similarity import ComparableName, compare_first_names, prepare_person
from bookings.domain.requests.match_keys import email_key, fold_name, name_key
from bookings.domain.requests.patient import Patient
from tests.support.builders import a_patient, an_appointment


def a_name(text: str | None) -> ComparableName:
    return prepare_person(Patient(first_name=text)).first_name


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("राम", "रमा"), ("राम", "रामा"), ("सीता", "सती"), ("রিনা", "রানী"), ("ਮਨ", "ਮੀਨ"), ("மாலா", "மலை"),
        ("ดี", "ดู"), ("ป่า", "ป้า"), ("か", "が"), ("ဆု", "ဆို"),
    ],
)  # fmt: skip
def test_vowel_signs_make_another_name(mine: str, theirs: str) -> None:
    assert fold_name(mine) != fold_name(theirs)
    assert compare_first_names(a_name(mine), a_name(theirs)) in (Likeness.SIMILAR, Likeness.DIFFERENT)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Zoë", "zoe"), ("Nguyễn", "Nguyen"), ("Семён", "Семен"), ("Ιωάννης", "Ιωαννης"), ("مُحَمَّد", "محمد"),
        ("\u05de\u05b9\u05e9\u05c1\u05b6\u05d4", "\u05de\u05e9\u05d4"),
        ("ज़ोया", "जोया"), ("علی\u200cرضا", "علیرضا"), ("علی", "علي"), ("کاظم", "كاظم"), ("محـمد", "محمد"),
        ("O’Brien", "Oʼbrien"), ("Kaʻahumanu", "Kaahumanu"), ("葛\U000e0100", "葛"),
        ("ＡＮＮ", "Ann"), ("Ðaniel", "Daniel"),
    ],
)  # fmt: skip
def test_marks_that_writers_leave_out_make_no_other_name(mine: str, theirs: str) -> None:
    assert fold_name(mine) == fold_name(theirs)


@pytest.mark.parametrize(("mine", "theirs"), [("伟", "伟明"), ("伟明", "明伟"), ("伟明", "伟民")])
def test_another_chinese_character_makes_another_name(mine: str, theirs: str) -> None:
    assert compare_first_names(a_name(mine), a_name(theirs)) is Likeness.DIFFERENT


def test_a_typing_error_in_a_long_name_with_vowel_signs_is_close() -> None:
    assert compare_first_names(a_name("वेंकटनरसिम्हा"), a_name("वेंकटनरसिंम्हा")) is Likeness.CLOSE


@pytest.mark.parametrize(("mine", "theirs"), [("राम", "रमा"), ("Ram", "Rama")])
def test_two_names_under_a_familys_number_are_not_certainly_one_person(mine: str, theirs: str) -> None:
    family = {"last_name": "शर्मा", "phone": "+16045550123", "email": None, "date_of_birth": None}
    patient, relative = a_patient(first_name=mine, **family), a_patient(first_name=theirs, **family)
    matches = rank_candidates(patient, [an_appointment(patient=relative)])
    assert [match.grade for match in matches] == [Grade.POSSIBLE]


@pytest.mark.parametrize(("mine", "theirs", "likeness"), [("R", "Robin", "variant"), ("म", "मीना", "different")])
def test_an_initial_is_a_whole_letter_with_its_vowel_sign(mine: str, theirs: str, likeness: str) -> None:
    assert compare_first_names(a_name(mine), a_name(theirs)) == likeness


def test_the_name_key_leaves_marks_out_so_that_a_wrong_one_is_still_found() -> None:
    assert name_key(Patient(first_name="राम", last_name="शर्मा")) == name_key(
        Patient(first_name="रमा", last_name="शरमा")
    )


# ---------------------------------------------------------------- patients with one name


def test_a_patient_with_one_name_has_no_name_key() -> None:
    assert name_key(Patient(last_name="Sukarni")) is None


def test_a_missing_name_is_no_evidence_against_a_person() -> None:
    patient = a_patient(first_name="Sukarni", last_name="Sukarni")
    (match,) = rank_candidates(patient, [an_appointment(patient=a_patient(first_name=None, last_name="Sukarni"))])
    assert match.grade is Grade.PROBABLE, "staff decide"
    assert {reason.field: reason.likeness for reason in match.reasons}["first_name"] is Likeness.UNKNOWN


# ---------------------------------------------------------------- domains of e-mail addresses


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("Zoe@Example.COM", "zoe@example.com"),
        ("zoe@FAß.example", "zoe@xn--fa-hia.example"),
        ("zoe@xn--fa-hia.example", "zoe@xn--fa-hia.example"),
        ("éloïse@exämple.ca", None),
        (None, None),
    ],
)
def test_two_domains_have_two_keys_and_two_spellings_of_one_have_the_same(email: str | None, key: str | None) -> None:
    assert email_key(Patient(email=email)) == key
