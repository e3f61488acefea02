"""Ranking candidates: rules that hold however the scores are tuned."""

from datetime import date

import pytest

from bookings.domain.matching.candidate_ranking import rank_candidates
from bookings.domain.matching.match import Grade, Match
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.match_keys import email_key, fold_name, phone_key
from bookings.domain.requests.patient import Patient
from tests.support.builders import a_patient, a_slot, a_stranger, an_appointment


def the_match(**theirs: object) -> Match | None:
    """The match of Jane's request with an appointment whose patient differs in these fields."""
    matches = rank_candidates(a_patient(), [an_appointment(patient=a_patient(**theirs))])
    return matches[0] if matches else None


def test_agreement_on_every_field_is_certain() -> None:
    match = the_match()
    assert match
    assert match.grade is Grade.CERTAIN
    assert {reason.field for reason in match.reasons} == {
        "first_name", "last_name", "date_of_birth", "email", "phone",
    }  # fmt: skip
    assert all(reason.agrees for reason in match.reasons)


def test_a_missing_field_neither_agrees_nor_disagrees() -> None:
    match = the_match(email=None, phone=None)
    assert match
    assert [reason.field for reason in match.reasons if reason.agrees is None] == ["email", "phone"]


def test_a_field_that_differs_is_named() -> None:
    match = the_match(email="x.y@work.example")
    assert match
    assert [reason.field for reason in match.reasons if reason.agrees is False] == ["email"]


def test_a_twin_is_no_match() -> None:
    assert the_match(first_name="Walburga") is None


def test_a_sibling_with_another_birth_date_is_no_match() -> None:
    assert the_match(first_name="Walburga", date_of_birth=date(1996, 11, 23)) is None


def test_a_stranger_is_no_match() -> None:
    assert rank_candidates(a_patient(), [an_appointment(patient=a_stranger())]) == []


def test_case_accents_and_punctuation_do_not_matter() -> None:
    patient = a_patient(first_name="Éloïse-Anne", last_name="O'Brien Côté", email="Eloise@Example.com")
    same = a_patient(first_name="eloise anne", last_name="OBRIEN-COTE", email=" eloise@example.COM ")
    (match,) = rank_candidates(patient, [an_appointment(patient=same)])
    assert match.grade is Grade.CERTAIN


def test_matches_sort_by_score_and_then_by_start() -> None:
    late = an_appointment(slot=a_slot("2026-07-20T09:00"))
    early = an_appointment(slot=a_slot("2026-07-17T09:00"))
    others = [
        an_appointment(slot=a_slot("2026-07-16T09:00"), patient=a_patient(email="x.y@work.example")),
        an_appointment(slot=a_slot("2026-07-16T10:00"), patient=a_patient(date_of_birth=None, phone=None)),
        an_appointment(
            slot=a_slot("2026-07-16T11:00"), patient=a_patient(last_name="Wisniewski", phone="+16045550177")
        ),
    ]
    matches = rank_candidates(a_patient(), [*others, late, early])
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    equals = [match.appointment for match in matches if match.appointment.patient == a_patient()]
    assert equals == [early, late]
    assert matches[0].score >= max(match.score for match in matches if match.appointment in others)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": AppointmentStatus.CANCELLED},
        {"request_id": "req_other"},
        {"deleted": True, "slot": None},
        {"patient": None},
    ],
)
def test_an_appointment_that_cannot_be_linked_is_no_match(changes: dict[str, object]) -> None:
    assert rank_candidates(a_patient(), [an_appointment(**changes)]) == []


def test_two_patients_without_data_do_not_match() -> None:
    nobody = Patient(first_name="-", last_name="-")
    assert rank_candidates(nobody, [an_appointment(patient=nobody)]) == []


# ---------------------------------------------------------------- match keys


def test_an_unreadable_phone_number_gives_no_match_key() -> None:
    assert phone_key(a_patient(phone="604-555-0123")) is None
    assert phone_key(a_patient(phone="+16045550123")) == "+16045550123"


def test_an_email_match_key_ignores_case() -> None:
    assert email_key(a_patient(email=" Jane@EXAMPLE.com ")) == "jane@example.com"
    assert email_key(a_patient(email=None)) is None


@pytest.mark.parametrize(
    ("name", "folded"), [("O'Brien-Côté", "obriencote"), ("Straße", "strasse"), ("李 小龍", "李小龍"), ("--", "")]
)
def test_a_name_is_folded_to_plain_letters(name: str, folded: str) -> None:
    assert fold_name(name) == folded
