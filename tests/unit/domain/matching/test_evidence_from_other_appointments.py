"""A certain match is evidence for other appointments of the same person."""

from datetime import date

from bookings.domain.matching.candidate_ranking import find_linkable_match, rank_candidates
from bookings.domain.matching.match import Grade
from tests.support.builders import a_patient, an_appointment

MOBILE = "+447400123456"
ASKING = a_patient(email=None, date_of_birth=None)
"""Jane gives her name and a phone number."""
IGNORED = an_appointment(patient=a_patient())
"""The PMS knows more of her."""
BEFORE = an_appointment(patient=a_patient(phone="+14165559876"))
"""An older record with another phone number."""


def test_an_appointment_with_only_the_same_name_is_possible() -> None:
    assert [match.grade for match in rank_candidates(ASKING, [BEFORE])] == [Grade.POSSIBLE]


def test_a_certain_match_raises_appointments_of_the_same_person() -> None:
    known, before = rank_candidates(ASKING, [BEFORE, IGNORED])
    assert (known.appointment, known.grade, known.same_patient_as) == (IGNORED, Grade.CERTAIN, None)
    assert (before.appointment, before.same_patient_as) == (BEFORE, IGNORED.id)
    assert before.grade in (Grade.CERTAIN, Grade.PROBABLE)


def test_a_raised_match_keeps_its_own_reasons() -> None:
    before = rank_candidates(ASKING, [BEFORE, IGNORED])[1]
    assert {reason.field: reason.agrees for reason in before.reasons} == {
        "first_name": True, "last_name": True, "date_of_birth": None, "email": None, "phone": False,
    }  # fmt: skip


def test_a_raised_match_never_exceeds_the_grade_of_its_evidence() -> None:
    known, before = rank_candidates(ASKING, [BEFORE, IGNORED])
    assert before.score < known.score


def test_two_certain_matches_are_not_linked_automatically() -> None:
    assert find_linkable_match(rank_candidates(ASKING, [IGNORED]))
    assert find_linkable_match(rank_candidates(ASKING, [BEFORE, IGNORED])) is None
    taken = IGNORED.model_copy(update={"request_id": "req_other"})
    assert find_linkable_match(rank_candidates(ASKING, [BEFORE, taken])) is None


def test_a_probable_match_raises_no_other() -> None:
    unsure = an_appointment(patient=a_patient(first_name="Janet"))
    assert [match.grade for match in rank_candidates(ASKING, [unsure, BEFORE])] == [Grade.PROBABLE, Grade.POSSIBLE]


def test_a_match_does_not_raise_a_siblings_appointment() -> None:
    """An initial fits both names, but the patient's first name is known."""
    asking = a_patient(email=None)
    initial, twin = (an_appointment(patient=a_patient(first_name=name)) for name in ("J.", "Jordan"))
    assert [match.appointment for match in rank_candidates(asking, [twin, initial])] == [initial]


def test_a_match_without_further_data_raises_no_other() -> None:
    mother = an_appointment(
        patient=a_patient(email=None, phone=MOBILE, first_name="Oliver", date_of_birth=date(1962, 8, 30))
    )
    asking = a_patient(email=None, phone=MOBILE)
    alone = rank_candidates(asking, [mother])
    among = rank_candidates(asking, [mother, an_appointment(patient=asking)])
    assert [match for match in among if match.appointment == mother] == alone
