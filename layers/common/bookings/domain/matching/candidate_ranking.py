"""Rank a patient's possible appointments: how likely each is the patient's own, and why.

`find_matches` adds which of them is closest to what was requested.

First, each candidate is compared with the patient (`record_linkage`). Then, weak candidates are compared with the
certain matches, whose appointments often have more data about the patient than the request (an indirect match).
docs/matching.md has the figures, their sources, and the results on public data.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from bookings.domain.matching.match import Grade, Likeness, Match
from bookings.domain.matching.match_weights import RELATIVE_ODDS
from bookings.domain.matching.record_linkage import Comparison, compare
from bookings.domain.matching.similarity import Person, prepare_person
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.slot import Slot

GRADE_THRESHOLDS = {Grade.CERTAIN: 0.95, Grade.PROBABLE: 0.5, Grade.POSSIBLE: 0.25}
"""The lowest probability of each grade, highest grade first."""

_GRADES = tuple(Grade)
"""The surest first."""

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


def find_matches(request: Request, candidates: Iterable[Appointment]) -> list[Match]:
    """The request's matches, the likeliest to be the requested appointment first, each with `made_after_request`.

    Identity (the grade) comes first, then closeness to what was requested: day, time of day, service, practitioner.
    Then come those that Chairlink made or first received after the request, and at last the score. The request's own
    appointment is not among them.
    """
    others = (appointment for appointment in candidates if appointment.request_id != request.id)
    matches = [
        match.model_copy(update={"made_after_request": _is_made_after(match.appointment, request)})
        for match in rank_candidates(request.patient, others)
    ]
    return sorted(matches, key=lambda match: _distance_from_request(match, request.requested))


def find_new_appointment(request: Request, candidates: Iterable[Appointment]) -> Appointment | None:
    """The appointment that may replace the one that an accepted request has lost; None if there is none.

    Some PMSs move an appointment by deleting it and creating another. It is a certain or probable match of no other
    request that Chairlink first received since the decision. Of several, it is the one received closest to the loss.
    """
    decision, lost_at = request.decision, request.appointment_cancelled_at
    matches = [
        (_GRADES.index(match.grade), abs(match.appointment.made_at - lost_at), match.appointment)
        for match in rank_candidates(request.patient, candidates)
        if decision and lost_at and match.appointment.made_at and match.appointment.made_at >= decision.at
        if match.appointment.is_linkable and match.grade is not Grade.POSSIBLE
    ]
    return min(matches, key=itemgetter(0, 1))[2] if matches else None


def _is_made_after(appointment: Appointment, request: Request) -> bool | None:
    return None if appointment.made_at is None else appointment.made_at >= request.received_at


def _distance_from_request(match: Match, requested: Slot) -> tuple[float, ...]:
    """The sort key of a match: the smaller, the likelier it is what was requested."""
    appointment, slot = match.appointment, match.appointment.slot
    if slot is None:
        raise ValueError("a match has a time")
    practitioners = {each.practitioner_id for each in (slot, *appointment.also)}
    return (
        _GRADES.index(match.grade),
        abs((slot.start.date() - requested.start.date()).days),
        abs(_minute_of_day(slot.start) - _minute_of_day(requested.start)),
        _disagreement(requested.service_id, {slot.service_id}),
        _disagreement(requested.practitioner_id, practitioners),
        {True: 0, None: 1, False: 2}[match.made_after_request],
        -match.score,
    )


def _minute_of_day(start: datetime) -> int:
    return start.hour * 60 + start.minute


def _disagreement(requested_id: str | None, ids: AbstractSet[str | None]) -> int:
    """0 for the requested id, 1 if one of the two is not known, 2 for another id."""
    if requested_id is None or requested_id in ids:
        return 0
    return 1 if ids == {None} else 2


def rank_candidates(patient: Patient, appointments: Iterable[Appointment]) -> list[Match]:
    """The standing appointments that may be the patient's own, best first; equal scores are in order of time.

    Those of another request are among them. They tell of the patient, but cannot be linked.
    """
    candidates = [
        (appointment, _Candidate(prepare_person(appointment.patient), _young_after(appointment.busy_slot.start.date())))
        for appointment in appointments
        if appointment.patient and appointment.busy_slot
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

    It must be the only certain match that is linked to no request, and its birth date must not differ. Its first name
    must be the same, or another form of it (Chris, M.) with the same birth date: relatives share numbers, addresses,
    and short forms of their names.
    This is stricter than the grade, because a wrong link tells one person about another person's visit. For the same
    reason, an indirect match is never the one.
    """
    certain = [match for match in matches if match.grade is Grade.CERTAIN and match.appointment.is_linkable]
    if len(certain) != 1 or certain[0].same_patient_as:
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
