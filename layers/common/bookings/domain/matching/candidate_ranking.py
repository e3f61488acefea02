"""Rank a patient's possible appointments: how likely each is the patient's own, and why.

First, each candidate is compared with the patient (`record_linkage`). Then, weak candidates are compared with the
certain matches, whose appointments often have more data about the patient than the request (an indirect match).
docs/matching.md has the figures, their sources, and the results on public data.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bookings.domain.matching.match import Grade, Likeness, Match
from bookings.domain.matching.match_weights import RELATIVE_ODDS
from bookings.domain.matching.record_linkage import Comparison, compare
from bookings.domain.matching.similarity import Person, prepare_person
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.patient import Patient

GRADE_THRESHOLDS = {Grade.CERTAIN: 0.95, Grade.PROBABLE: 0.5, Grade.POSSIBLE: 0.25}
"""The lowest probability of each grade, highest grade first."""

INDEPENDENT_AGE = 25
"""Below this age, patients may share a home and a telephone number with their parents."""


class _Candidate(NamedTuple):
    """The person of an appointment."""

    person: Person
    young_after: str
    """A birth date (YYYYMMDD). People born later may live with their parents at the time of the appointment."""


class _Assessment(NamedTuple):
    """The probability that a candidate is the patient. For an indirect match, `via` is the certain match used."""

    probability: float
    comparison: Comparison
    via: Person | None = None


def rank_candidates(patient: Patient, appointments: Iterable[Appointment]) -> list[Match]:
    """The appointments that may be the patient's own, best first; those with equal scores in order of time."""
    candidates = [
        (appointment, _Candidate(prepare_person(appointment.patient), _young_after(appointment.slot.start.date())))
        for appointment in appointments
        if appointment.patient and appointment.slot and appointment.is_linkable
    ]
    # Often several appointments have the same person. The set makes sure that each person is compared once.
    assessments = _assess_candidates(prepare_person(patient), {candidate for _, candidate in candidates})
    appointment_ids = {candidate.person: appointment.id for appointment, candidate in candidates}
    matches = [
        Match(
            appointment=appointment,
            grade=grade,
            score=round(assessment.probability, 4),
            reasons=assessment.comparison.reasons,
            same_patient_as=assessment.via and appointment_ids[assessment.via],
        )
        for appointment, candidate in candidates
        if (assessment := assessments.get(candidate)) and (grade := _grade(assessment.probability))
    ]
    return sorted(matches, key=lambda match: (-match.score, match.appointment.slot and match.appointment.slot.begins))


def find_linkable_match(matches: Sequence[Match]) -> Match | None:
    """The match that may be linked without review, or None.

    It must be the only certain match, and its birth date must not differ. Its first name must be the same, or another
    form of it (Chris, M.) with the same birth date: relatives share numbers, addresses, and short forms of their names.
    This is stricter than the grade, because a wrong link tells one person about another person's visit.
    """
    certain = [match for match in matches if match.grade is Grade.CERTAIN]
    if len(certain) != 1:
        return None
    likeness = {reason.field: reason.likeness for reason in certain[0].reasons}
    first_name, birth_date = likeness["first_name"], likeness["date_of_birth"]
    is_same_name = first_name in (Likeness.SAME, Likeness.SWAPPED) and birth_date is not Likeness.DIFFERENT
    is_form_of_name = first_name is Likeness.VARIANT and birth_date is Likeness.SAME
    return certain[0] if is_same_name or is_form_of_name else None


@lru_cache(maxsize=512)
def _young_after(day: date) -> str:
    """The birth date (YYYYMMDD) after which somebody may still live with their parents on that day."""
    return f"{day.year - INDEPENDENT_AGE:04}{day:%m%d}"


def _count_people_with_same_contact(patient: Person, people: Iterable[Person]) -> int:
    """How many people have the patient's number or e-mail address; in a care home there can be many."""
    return len(
        {
            (other.first_name.whole, other.date_of_birth)
            for other in people
            if (patient.phone and other.phone == patient.phone) or (patient.email and other.email == patient.email)
        }
    )


def _grade(probability: float) -> Grade | None:
    return next((grade for grade, threshold in GRADE_THRESHOLDS.items() if probability >= threshold), None)


def _assess_candidates(patient: Person, candidates: AbstractSet[_Candidate]) -> dict[_Candidate, _Assessment]:
    """Compare each candidate with the patient, then try an indirect match for those below probable."""
    people = (candidate.person for candidate in candidates)
    relatives = max(RELATIVE_ODDS, _count_people_with_same_contact(patient, people) - 1)
    direct = {
        candidate: _Assessment(comparison.probability, comparison)
        for candidate in candidates
        if (comparison := compare(patient, *candidate, relatives))
    }
    certain = {
        candidate.person: assessment.probability
        for candidate, assessment in direct.items()
        if assessment.probability >= GRADE_THRESHOLDS[Grade.CERTAIN]
    }
    probable = {
        candidate
        for candidate, assessment in direct.items()
        if assessment.probability >= GRADE_THRESHOLDS[Grade.PROBABLE]
    }
    indirect = {
        candidate: assessment
        for candidate in candidates - probable
        if (assessment := _assess_indirectly(candidate, patient, certain, relatives))
    }
    return direct | indirect


def _assess_indirectly(
    candidate: _Candidate, patient: Person, certain: Mapping[Person, float], relatives: float
) -> _Assessment | None:
    """Assess a candidate by a certain match that is certainly the same person as the candidate, if there is one.

    The patient must be the certain match, and that match the candidate. So the two probabilities are multiplied. A
    sibling with a shared number is never matched this way.
    """
    bridges = {other: sure for other, sure in certain.items() if _share_new_value(other, candidate.person, patient)}
    direct = compare(patient, *candidate, relatives, min_agreeing=1) if bridges else None
    if direct is None or direct.tells_apart:
        return None
    products = [
        (sure * link.probability, other)
        for other, sure in bridges.items()
        if (link := compare(other, *candidate, relatives)) and link.probability >= GRADE_THRESHOLDS[Grade.CERTAIN]
    ]
    if not products:
        return None
    probability, via = max(products)
    return _Assessment(probability, direct, via)


def _share_new_value(certain: Person, candidate: Person, patient: Person) -> bool:
    """Whether both have the same value in a field where the patient has none or another one."""
    return any(
        value and value == certain_value != patient_value
        for value, certain_value, patient_value in zip(candidate, certain, patient, strict=True)
    )
