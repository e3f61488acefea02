"""Ranking candidates: rules that hold however the scores are tuned."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bookings.domain.matching.candidate_ranking import find_linkable_match, find_matches, rank_candidates
from bookings.domain.matching.match import Grade, Match
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.match_keys import email_key, fold_name, phone_key
from bookings.domain.requests.patient import Patient
from tests.support.builders import NOW, a_patient, a_request, a_slot, a_stranger, an_appointment


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
        {"deleted": True, "slot": None},
        {"patient": None},
    ],
)
def test_an_appointment_that_does_not_stand_is_no_match(changes: dict[str, object]) -> None:
    assert rank_candidates(a_patient(), [an_appointment(**changes)]) == []


def test_an_appointment_of_another_request_is_a_match_and_never_linked_by_itself() -> None:
    matches = rank_candidates(a_patient(), [an_appointment(request_id="req_other")])
    assert [match.grade for match in matches] == [Grade.CERTAIN]
    assert find_linkable_match(matches) is None


def test_an_appointment_of_another_request_leaves_the_only_other_one_linkable() -> None:
    free = an_appointment()
    matches = rank_candidates(a_patient(), [an_appointment(request_id="req_other"), free])
    found = find_linkable_match(matches)
    assert found
    assert found.appointment == free


def test_two_patients_without_data_do_not_match() -> None:
    nobody = Patient(first_name="-", last_name="-")
    assert rank_candidates(nobody, [an_appointment(patient=nobody)]) == []


# ---------------------------------------------------------------- closest to what was requested

REQUEST = a_request(
    requested=a_slot("2026-07-15T15:00", practitioner_id="prov_a", service_id="svc_checkup"), received_at=NOW
)
WITHOUT_BIRTH_DATE = a_patient(phone=None, date_of_birth=None)
"""Certain too, with a lower score."""


def closest(*appointments: Appointment) -> list[Appointment]:
    return [match.appointment for match in find_matches(REQUEST, appointments)]


def visit(start: str = "2026-07-15T15:00", **fields: Any) -> Appointment:
    """A visit at this time with the practitioner and the service that were requested."""
    slot = {"practitioner_id": "prov_a", "service_id": "svc_checkup"} | fields.pop("slot", {})
    return an_appointment(**{"slot": a_slot(start, **slot), "made_at": NOW, "patient": WITHOUT_BIRTH_DATE, **fields})


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (visit("2026-07-29T09:00"), visit(patient=a_patient(email=None, phone=None, date_of_birth=None))),
        (visit(), visit("2026-07-01T15:00", patient=a_patient())),
        (visit("2026-07-16T09:00"), visit("2026-07-17T15:00")),
        (visit("2026-07-14T15:30"), visit("2026-07-16T09:00")),
        (visit(slot={"practitioner_id": "prov_b"}), visit(slot={"service_id": "svc_crown"})),
        (visit(slot={"service_id": None}), visit(slot={"service_id": "svc_crown"})),
        (visit(made_at=None), visit(slot={"practitioner_id": "prov_b"})),
        (visit(), visit(made_at=NOW - timedelta(days=1))),
        (visit(), visit(made_at=None)),
        (visit(made_at=None), visit(made_at=NOW - timedelta(days=1))),
        (visit(patient=a_patient()), visit()),
    ],
    ids=[
        "identity before an exact hit on day and hour",
        "day before score",
        "nearer day before time",
        "time of day",
        "service before practitioner",
        "no service before another service",
        "practitioner before when it was made",
        "made after the request",
        "made after the request before not known",
        "not known before made earlier",
        "score at last",
    ],
)
def test_matches_sort_by_identity_and_then_by_closeness_to_the_request(better: Appointment, worse: Appointment) -> None:
    assert closest(worse, better) == closest(better, worse) == [better, worse]


def test_a_further_practitioner_on_the_visit_counts_as_the_requested_one() -> None:
    both = visit(slot={"practitioner_id": "prov_b"}, also=(a_slot("2026-07-15T15:00", practitioner_id="prov_a"),))
    alone = visit(slot={"practitioner_id": "prov_b"})
    assert closest(alone, both) == [both, alone]


def test_what_the_request_leaves_open_does_not_matter() -> None:
    open_request = a_request(requested=a_slot("2026-07-15T15:00"), received_at=NOW)
    later = visit(slot={"practitioner_id": None, "service_id": None})
    earlier = visit(made_at=NOW - timedelta(days=1))
    assert [match.appointment for match in find_matches(open_request, [earlier, later])] == [later, earlier]


@pytest.mark.parametrize(("made_at", "expected"), [(NOW, True), (NOW - timedelta(seconds=1), False), (None, None)])
def test_a_match_says_whether_it_was_made_after_the_request(made_at: datetime | None, expected: bool | None) -> None:
    (match,) = find_matches(REQUEST, [visit(made_at=made_at)])
    assert match.made_after_request is expected


def test_the_appointment_of_the_request_itself_is_no_match() -> None:
    assert find_matches(REQUEST, [visit(request_id=REQUEST.id)]) == []


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
